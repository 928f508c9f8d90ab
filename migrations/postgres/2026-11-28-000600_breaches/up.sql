-- The register of missed deadlines (CLK-7): one row a run of the clock, written with the event in the journal.
CREATE TABLE breach (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    -- The run of the clock that was missed.
    term integer NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    item text NOT NULL,
    receipt_no text NOT NULL,
    due_at timestamptz NOT NULL,
    breached_at timestamptz NOT NULL,
    -- In whose hand it was; nobody's when it was still in the queue or waited for second review.
    holder uuid REFERENCES account (id),
    PRIMARY KEY (pool, case_id, term),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE INDEX breach_by_agency ON breach (pool, agency, breached_at, case_id, term);

-- What was stated as the cause. The words are in the journal, sealed with the key of the case, with that event.
CREATE TABLE breach_cause (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    term integer NOT NULL,
    cause text NOT NULL,
    stated_by uuid NOT NULL REFERENCES account (id),
    stated_at timestamptz NOT NULL,
    event_number integer NOT NULL,
    PRIMARY KEY (pool, case_id, term),
    FOREIGN KEY (pool, case_id, term) REFERENCES breach (pool, case_id, term)
);

CREATE FUNCTION breaches_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register of breaches is append-only';
END $$;
CREATE TRIGGER breach_no_change BEFORE UPDATE OR DELETE ON breach
    FOR EACH ROW EXECUTE FUNCTION breaches_are_append_only();
CREATE TRIGGER breach_no_truncate BEFORE TRUNCATE ON breach
    FOR EACH STATEMENT EXECUTE FUNCTION breaches_are_append_only();
CREATE TRIGGER breach_cause_no_change BEFORE UPDATE OR DELETE ON breach_cause
    FOR EACH ROW EXECUTE FUNCTION breaches_are_append_only();
CREATE TRIGGER breach_cause_no_truncate BEFORE TRUNCATE ON breach_cause
    FOR EACH STATEMENT EXECUTE FUNCTION breaches_are_append_only();
