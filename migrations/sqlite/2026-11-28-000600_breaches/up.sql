-- The register of missed deadlines (CLK-7): one row a run of the clock, written with the event in the journal.
CREATE TABLE breach (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    -- The run of the clock that was missed.
    term INTEGER NOT NULL,
    agency TEXT NOT NULL REFERENCES agency (code),
    item TEXT NOT NULL,
    receipt_no TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    breached_at INTEGER NOT NULL,
    -- In whose hand it was; nobody's when it was still in the queue or waited for second review.
    holder BLOB CHECK (length(holder) = 16) REFERENCES account (id),
    PRIMARY KEY (pool, case_id, term),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE INDEX breach_by_agency ON breach (pool, agency, breached_at, case_id, term);

-- What was stated as the cause. The words are in the journal, sealed with the key of the case, with that event.
CREATE TABLE breach_cause (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    term INTEGER NOT NULL,
    cause TEXT NOT NULL,
    stated_by BLOB NOT NULL CHECK (length(stated_by) = 16) REFERENCES account (id),
    stated_at INTEGER NOT NULL,
    event_number INTEGER NOT NULL,
    PRIMARY KEY (pool, case_id, term),
    FOREIGN KEY (pool, case_id, term) REFERENCES breach (pool, case_id, term)
) STRICT;

CREATE TRIGGER breach_no_update BEFORE UPDATE ON breach
BEGIN SELECT RAISE(ABORT, 'the register of breaches is append-only'); END;
CREATE TRIGGER breach_no_delete BEFORE DELETE ON breach
BEGIN SELECT RAISE(ABORT, 'the register of breaches is append-only'); END;
CREATE TRIGGER breach_cause_no_update BEFORE UPDATE ON breach_cause
BEGIN SELECT RAISE(ABORT, 'the register of breaches is append-only'); END;
CREATE TRIGGER breach_cause_no_delete BEFORE DELETE ON breach_cause
BEGIN SELECT RAISE(ABORT, 'the register of breaches is append-only'); END;
