-- a rejected document that a person took note of waits no longer; her line in the journal says so
CREATE INDEX journal_settled ON journal (document_id) WHERE event = 'rejet_regle';

-- the dossier of the assuré who holds the token: what is sent to him, he may fetch
ALTER TABLE senders ADD COLUMN insured_id uuid REFERENCES insured
    CHECK (insured_id IS NULL OR role = 'assure');
