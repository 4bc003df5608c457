-- `correction`: the one before was wrong, or is so since. `suite`: more days of a stop that runs have elapsed
ALTER TABLE decisions ADD COLUMN nature text NOT NULL DEFAULT 'premiere'
    CHECK (nature IN ('premiere', 'correction', 'suite'));
ALTER TABLE decisions ADD CHECK ((nature = 'premiere') = (corrects IS NULL));

-- what a payee received too much, by a correction; never edited: what becomes of it is in indu_events
CREATE TABLE indus (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    decision_id uuid NOT NULL REFERENCES decisions,
    document_id uuid NOT NULL REFERENCES documents,
    insured_id uuid NOT NULL REFERENCES insured,  -- of whom it was decided; who owes is the debtor
    debtor_kind text NOT NULL,
    debtor_id text NOT NULL,
    amount numeric(12,2) NOT NULL CHECK (amount > 0),
    costs numeric(12,2) NOT NULL CHECK (costs >= 0),
    asked numeric(12,2) NOT NULL CHECK (asked >= 0 AND asked <= amount + costs),
    fraud boolean NOT NULL,
    reason text NOT NULL,
    paid_on date NOT NULL,
    found_on date NOT NULL,
    outcome text CHECK (outcome IN ('prescrit', 'abandonne')),  -- not asked for at all, and why
    trace jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (outcome IS NULL OR asked = 0),
    UNIQUE (decision_id, debtor_kind, debtor_id)
);
CREATE INDEX indus_debtor ON indus (debtor_kind, debtor_id);
CREATE INDEX indus_document ON indus (document_id);

CREATE TABLE indu_events (
    indu_id uuid NOT NULL REFERENCES indus,
    n integer NOT NULL,
    what text NOT NULL,
    on_day date NOT NULL,
    amount numeric(12,2),
    body jsonb NOT NULL DEFAULT '{}',
    actor text NOT NULL CHECK (actor <> ''),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (indu_id, n)
);

-- what an order holds back of its shares: an indu, or a participation or franchise that tiers payant left owing;
-- negative where such a one was held back and then corrected
CREATE TABLE retenues (
    order_id uuid NOT NULL REFERENCES orders,
    n integer NOT NULL,
    kind text NOT NULL,
    indu_id uuid REFERENCES indus,
    insured_id uuid NOT NULL REFERENCES insured,
    care_day date,
    professional text,
    amount numeric(12,2) NOT NULL CHECK (amount <> 0),
    on_day date NOT NULL,
    PRIMARY KEY (order_id, n),
    CHECK ((kind = 'indu') = (indu_id IS NOT NULL)),
    CHECK ((kind = 'indu') = (care_day IS NULL) AND (kind = 'indu') = (professional IS NULL))
);
CREATE INDEX retenues_indu ON retenues (indu_id);
CREATE INDEX retenues_insured ON retenues (insured_id);

CREATE FUNCTION retenues_within() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(r.amount) FROM retenues r WHERE r.order_id = NEW.order_id)
       > (SELECT o.amount FROM orders o WHERE o.id = NEW.order_id) THEN
        RAISE EXCEPTION 'an order holds back no more than it pays' USING ERRCODE = 'LI004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retenues_within AFTER INSERT ON retenues FOR EACH ROW EXECUTE FUNCTION retenues_within();

CREATE TRIGGER indus_append_only BEFORE UPDATE OR DELETE ON indus
    FOR EACH ROW EXECUTE FUNCTION nothing_changes();
CREATE TRIGGER indu_events_append_only BEFORE UPDATE OR DELETE ON indu_events
    FOR EACH ROW EXECUTE FUNCTION nothing_changes();
CREATE TRIGGER retenues_append_only BEFORE UPDATE OR DELETE ON retenues
    FOR EACH ROW EXECUTE FUNCTION nothing_changes();
