CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE senders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    role text NOT NULL CHECK (role IN ('station', 'assure', 'valideur', 'exploitant', 'local', 'dossier_surveille')),
    name text NOT NULL DEFAULT '',
    token_sha256 bytea UNIQUE CHECK (length(token_sha256) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
-- those without a token are named, and one of a name
CREATE UNIQUE INDEX senders_named ON senders (role, name) WHERE token_sha256 IS NULL;

-- the bytes, once
CREATE TABLE contents (
    sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    key_id uuid NOT NULL,
    object_key text NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    media_type text NOT NULL,
    cipher_sha256 text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz
);

CREATE TABLE lots (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    sender_id uuid NOT NULL REFERENCES senders,
    declared_images integer NOT NULL CHECK (declared_images > 0),
    duplex boolean NOT NULL CHECK (NOT duplex OR declared_images % 2 = 0),
    status text NOT NULL DEFAULT 'ouvert'
        CHECK (status IN ('ouvert', 'clos', 'equilibre', 'desequilibre')),
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    -- a person took note that it will not balance
    settled_at timestamptz,
    settled_by text,
    settlement text,
    CHECK ((settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (settlement IS NULL))
);

-- a sender's act
CREATE TABLE deposits (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    sender_id uuid NOT NULL REFERENCES senders,
    sha256 text NOT NULL REFERENCES contents,
    source text NOT NULL,
    type_hint text,
    lot_id uuid REFERENCES lots,
    lot_n integer,
    lot_side text,
    receipt text NOT NULL,
    received_at timestamptz NOT NULL,
    received_on date NOT NULL,
    -- what it brought was erased: the same bytes, sent again, are another deposit
    erased boolean NOT NULL DEFAULT false,
    CHECK ((lot_id IS NULL) = (lot_n IS NULL) AND (lot_id IS NULL) = (lot_side IS NULL))
);
-- the same sender, the same bytes: the same deposit; in a lot, an image is its place
CREATE UNIQUE INDEX deposits_once ON deposits (sender_id, sha256) WHERE lot_id IS NULL AND NOT erased;
CREATE UNIQUE INDEX deposits_place ON deposits (lot_id, lot_n, lot_side) WHERE lot_id IS NOT NULL;
CREATE INDEX deposits_content ON deposits (sha256);

-- every key that a sender gave, and what it named
CREATE TABLE deposit_keys (
    sender_id uuid NOT NULL REFERENCES senders,
    key text NOT NULL,
    deposit_id uuid NOT NULL REFERENCES deposits,
    PRIMARY KEY (sender_id, key)
);

CREATE TABLE insured (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    natural_key text NOT NULL UNIQUE,
    nir text,
    assure_nir text,
    name_key text NOT NULL,           -- capitals without accents, every name
    surname_sounds text[] NOT NULL,   -- keys of dossiers.names.sound
    first_sounds text[] NOT NULL,
    birth_date date NOT NULL,
    body jsonb NOT NULL
);
CREATE INDEX insured_nir ON insured (nir text_pattern_ops);
CREATE INDEX insured_nir_tail ON insured (right(nir, 6));
CREATE INDEX insured_assure ON insured (assure_nir text_pattern_ops);
CREATE INDEX insured_assure_tail ON insured (right(assure_nir, 6));
CREATE INDEX insured_birth ON insured (birth_date);
CREATE INDEX insured_name ON insured USING gin (name_key gin_trgm_ops);
CREATE INDEX insured_surname ON insured USING gin (surname_sounds);
CREATE INDEX insured_first ON insured USING gin (first_sounds);

CREATE TABLE practitioners (
    rpps text PRIMARY KEY,
    am_number text NOT NULL,
    name_key text NOT NULL,
    last_words text[] NOT NULL,
    body jsonb NOT NULL
);
CREATE INDEX practitioners_am ON practitioners (am_number);
CREATE INDEX practitioners_name ON practitioners USING gin (last_words);

-- the moves that domain/flow.py allows; from_state is null for an initial state
CREATE TABLE flow_pairs (from_state text, to_state text NOT NULL, UNIQUE NULLS NOT DISTINCT (from_state, to_state));

CREATE TABLE documents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    parent_id uuid REFERENCES documents,
    deposit_id uuid NOT NULL REFERENCES deposits,
    sender_id uuid NOT NULL REFERENCES senders,
    lot_id uuid REFERENCES lots,
    lot_n integer,
    lot_side text,
    content_sha256 text NOT NULL REFERENCES contents,
    pages jsonb,                      -- of the content; null: all
    status text NOT NULL,
    type text,
    form text,
    type_hint text,
    insured_id uuid REFERENCES insured,
    reason text,                      -- of ecarte: separateur, blanc, doublon; of rejete: a code
    version integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    lease_owner text,
    lease_until timestamptz,
    rung_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_error text,
    received_at timestamptz NOT NULL,
    received_on date NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    manifest_sha256 text,
    retain_until timestamptz,
    sealed_at timestamptz,
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);
-- a deposit is one document; its children name their parent
CREATE UNIQUE INDEX documents_deposit ON documents (deposit_id) WHERE parent_id IS NULL;
CREATE INDEX documents_parent ON documents (parent_id);
CREATE INDEX documents_sender ON documents (sender_id, received_at);
CREATE INDEX documents_lot ON documents (lot_id);
CREATE INDEX documents_content ON documents (content_sha256);
CREATE INDEX documents_insured ON documents (insured_id);
CREATE INDEX documents_status ON documents (status, rung_at);

CREATE TABLE lot_images (
    lot_id uuid NOT NULL REFERENCES lots,
    n integer NOT NULL CHECK (n > 0),
    side text NOT NULL CHECK (side IN ('r', 'v')),
    deposit_id uuid NOT NULL REFERENCES deposits,
    sha256 text NOT NULL,
    received_at timestamptz NOT NULL,
    outcome text CHECK (outcome IN ('document', 'separateur', 'blanc', 'rejete', 'doublon')),
    document_id uuid REFERENCES documents,
    PRIMARY KEY (lot_id, n, side)
);
CREATE INDEX lot_images_document ON lot_images (document_id);

CREATE TABLE document_data (
    document_id uuid NOT NULL REFERENCES documents,
    kind text NOT NULL,
    body jsonb NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (document_id, kind)
);

CREATE TABLE tasks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    document_id uuid REFERENCES documents,
    lot_id uuid REFERENCES lots,
    kind text NOT NULL,
    version integer NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'ouverte' CHECK (status IN ('ouverte', 'faite', 'sans_objet')),
    agent text,
    lease_until timestamptz,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_at timestamptz,
    decided_by text,
    action text,
    CHECK ((document_id IS NULL) <> (lot_id IS NULL)),
    CHECK ((status = 'faite') = (decided_by IS NOT NULL))
);
CREATE UNIQUE INDEX tasks_document ON tasks (document_id) WHERE status = 'ouverte';
CREATE UNIQUE INDEX tasks_lot ON tasks (lot_id) WHERE status = 'ouverte';
CREATE INDEX tasks_queue ON tasks (opened_at) WHERE status = 'ouverte';
CREATE INDEX tasks_agent ON tasks (agent) WHERE status = 'ouverte';

CREATE TABLE journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES documents,
    n integer NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL CHECK (actor <> ''),
    event text NOT NULL,
    from_state text,
    to_state text,
    hashes text NOT NULL DEFAULT '{}' CHECK (hashes IS JSON OBJECT),
    payload bytea,                    -- encrypted under the document's key
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    seal_no integer,
    UNIQUE (document_id, n)
);
CREATE INDEX journal_unsealed ON journal (id) WHERE seal_no IS NULL;
CREATE INDEX journal_sealed ON journal (seal_no);

CREATE TABLE access_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL CHECK (actor <> ''),
    what text NOT NULL,               -- document, dossier, recherche
    target text NOT NULL,
    why text NOT NULL,
    span text NOT NULL,               -- a lease, else an hour: one event an actor, target and span
    shown text NOT NULL DEFAULT '[]' CHECK (shown IS JSON ARRAY),
    seal_no integer,
    UNIQUE (actor, what, target, span)
);
CREATE INDEX access_unsealed ON access_events (id) WHERE seal_no IS NULL;
CREATE INDEX access_sealed ON access_events (seal_no);
CREATE INDEX access_target ON access_events (target);

CREATE TABLE seals (
    n integer PRIMARY KEY CHECK (n > 0),
    root bytea NOT NULL,
    previous bytea NOT NULL,
    sha256 bytea NOT NULL,
    lines integer NOT NULL,
    object_key text NOT NULL,
    version_id text,
    sealed_at timestamptz NOT NULL
);

CREATE TABLE decisions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL REFERENCES documents,
    insured_id uuid NOT NULL REFERENCES insured,
    rpps text NOT NULL,
    corrects uuid REFERENCES decisions,
    decided_on date NOT NULL,
    total numeric(12,2) NOT NULL,
    trace jsonb NOT NULL,
    law_version text NOT NULL,
    code_version text NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX decisions_first ON decisions (document_id) WHERE corrects IS NULL;
CREATE UNIQUE INDEX decisions_correction ON decisions (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX decisions_insured ON decisions (insured_id, decided_on);

CREATE TABLE decision_lines (
    decision_id uuid NOT NULL REFERENCES decisions,
    line integer NOT NULL,
    code text NOT NULL,
    day date NOT NULL,
    fee numeric(12,2) NOT NULL,
    base numeric(12,2) NOT NULL,
    rate numeric(6,2) NOT NULL,
    gross numeric(12,2) NOT NULL,
    retained jsonb NOT NULL,
    complementary numeric(12,2) NOT NULL,
    paid numeric(12,2) NOT NULL,
    trace jsonb NOT NULL,
    PRIMARY KEY (decision_id, line)
);

-- participations and franchises taken, for the caps
CREATE TABLE withheld (
    decision_id uuid NOT NULL REFERENCES decisions,
    n integer NOT NULL,
    insured_id uuid NOT NULL REFERENCES insured,
    kind text NOT NULL,
    amount numeric(12,2) NOT NULL,
    outstanding numeric(12,2) NOT NULL,
    reimbursed_on date NOT NULL,
    care_day date NOT NULL,
    professional text NOT NULL,
    PRIMARY KEY (decision_id, n)
);
CREATE INDEX withheld_insured ON withheld (insured_id);

-- the acts of a document once they are understood: for duplicates, in flight and decided
CREATE TABLE acts (
    document_id uuid NOT NULL REFERENCES documents,
    line integer NOT NULL,
    insured_id uuid NOT NULL REFERENCES insured,
    rpps text NOT NULL,
    day date NOT NULL,
    code text NOT NULL,
    fee numeric(12,2) NOT NULL,
    PRIMARY KEY (document_id, line)
);
CREATE INDEX acts_insured ON acts (insured_id, day);

CREATE TABLE orders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    decision_id uuid NOT NULL REFERENCES decisions,
    payee_kind text NOT NULL,
    payee_id text NOT NULL,
    amount numeric(12,2) NOT NULL CHECK (amount > 0),
    ordered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    UNIQUE (decision_id, payee_kind, payee_id)
);

-- (line, payee): in one order at most, which the trigger below keeps
CREATE TABLE shares (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    decision_id uuid NOT NULL,
    line integer NOT NULL,
    payee_kind text NOT NULL,
    payee_id text NOT NULL,
    amount numeric(12,2) NOT NULL,
    order_id uuid REFERENCES orders,
    FOREIGN KEY (decision_id, line) REFERENCES decision_lines,
    UNIQUE (decision_id, line, payee_kind, payee_id),
    CHECK (order_id IS NULL OR amount <> 0)
);
CREATE INDEX shares_order ON shares (order_id);

CREATE TABLE outbox (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    document_id uuid REFERENCES documents,
    order_id uuid REFERENCES orders,
    body jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_try timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_error text
);
CREATE UNIQUE INDEX outbox_order ON outbox (kind, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX outbox_pending ON outbox (next_try) WHERE sent_at IS NULL;

-- The hash of a line is SHA-256 over its fields, each followed by a line feed; store/journal.py says
-- the same in Python, and a test compares them.
CREATE FUNCTION journal_hash(line journal) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(
        encode(line.previous, 'hex') || E'\n' || line.document_id || E'\n' || line.n || E'\n' ||
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\n' ||
        line.actor || E'\n' || line.event || E'\n' ||
        coalesce(line.from_state, '') || E'\n' || coalesce(line.to_state, '') || E'\n' ||
        line.hashes || E'\n' || coalesce(encode(sha256(line.payload), 'hex'), '') || E'\n', 'UTF8'))
$$;

-- every line is numbered and chained here, under its document's lock; what the caller says of it is ignored
CREATE FUNCTION journal_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last journal;
BEGIN
    PERFORM 1 FROM documents WHERE id = NEW.document_id FOR UPDATE;
    SELECT * INTO last FROM journal WHERE document_id = NEW.document_id ORDER BY n DESC LIMIT 1;
    NEW.n := coalesce(last.n, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    NEW.seal_no := NULL;
    NEW.hash := journal_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER journal_chain BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_chain();

-- append only: a line without a seal takes its number once, and nothing else ever changes
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seal_no IS NULL AND NEW.seal_no IS NOT NULL
       AND to_jsonb(NEW) - 'seal_no' = to_jsonb(OLD) - 'seal_no' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append only', TG_TABLE_NAME USING ERRCODE = 'LI001';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER access_append_only BEFORE UPDATE OR DELETE ON access_events
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER access_no_truncate BEFORE TRUNCATE ON access_events
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE FUNCTION nothing_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only', TG_TABLE_NAME USING ERRCODE = 'LI001';
END $$;
CREATE TRIGGER seals_append_only BEFORE UPDATE OR DELETE ON seals
    FOR EACH ROW EXECUTE FUNCTION nothing_changes();
CREATE TRIGGER decisions_append_only BEFORE UPDATE OR DELETE ON decisions
    FOR EACH ROW EXECUTE FUNCTION nothing_changes();
CREATE TRIGGER decision_lines_append_only BEFORE UPDATE OR DELETE ON decision_lines
    FOR EACH ROW EXECUTE FUNCTION nothing_changes();
CREATE TRIGGER withheld_append_only BEFORE UPDATE OR DELETE ON withheld
    FOR EACH ROW EXECUTE FUNCTION nothing_changes();

-- a status moves as domain/flow.py says, and each move is a line of the journal
CREATE FUNCTION documents_flow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE start text;
BEGIN
    start := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END;
    IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM flow_pairs
                   WHERE from_state IS NOT DISTINCT FROM start AND to_state = NEW.status) THEN
        RAISE EXCEPTION 'no move from % to %', coalesce(start, 'nothing'), NEW.status
            USING ERRCODE = 'LI002';
    END IF;
    INSERT INTO journal (document_id, actor, event, from_state, to_state, hashes, payload)
    VALUES (NEW.id, coalesce(current_setting('liasse.actor', true), ''), 'etat', start, NEW.status,
            coalesce(nullif(current_setting('liasse.hashes', true), ''), '{}'),
            decode(nullif(current_setting('liasse.payload', true), ''), 'hex'));
    -- said once: the next move must say its own
    PERFORM set_config('liasse.actor', '', true), set_config('liasse.hashes', '', true),
            set_config('liasse.payload', '', true);
    RETURN NEW;
END $$;
CREATE TRIGGER documents_flow AFTER INSERT OR UPDATE OF status ON documents
    FOR EACH ROW EXECUTE FUNCTION documents_flow();

CREATE FUNCTION documents_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a document is never deleted' USING ERRCODE = 'LI001';
END $$;
CREATE TRIGGER documents_stay BEFORE DELETE ON documents FOR EACH ROW EXECUTE FUNCTION documents_stay();

CREATE FUNCTION shares_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.order_id IS NULL AND NEW.order_id IS NOT NULL
       AND to_jsonb(NEW) - 'order_id' = to_jsonb(OLD) - 'order_id'
       AND EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.order_id AND o.decision_id = NEW.decision_id
                   AND o.payee_kind = NEW.payee_kind AND o.payee_id = NEW.payee_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a share is in one order at most, its payee''s' USING ERRCODE = 'LI003';
END $$;
CREATE TRIGGER shares_once BEFORE UPDATE OR DELETE ON shares FOR EACH ROW EXECUTE FUNCTION shares_once();
