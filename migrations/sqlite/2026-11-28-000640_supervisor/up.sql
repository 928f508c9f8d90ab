-- One row a finished case, written in the transaction of its last step (CLK-9): what public figures, charts and samples
-- are made of. A case that is opened again loses its row until it ends anew. Nothing in it names the person concerned.
CREATE TABLE turnaround (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    item TEXT NOT NULL,
    receipt_no TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    -- The Beijing day of it.
    ended_on TEXT NOT NULL,
    -- Decided by the agency; else withdrawn or lapsed after a missed deadline.
    decided INTEGER NOT NULL,
    -- Who worked on it last.
    handler BLOB CHECK (length(handler) = 16) REFERENCES account (id),
    -- Working time from filing to the end in which the case waited for nobody outside the agency.
    minutes INTEGER NOT NULL,
    -- No deadline was missed.
    in_time INTEGER NOT NULL,
    cause TEXT,
    second_supplement INTEGER NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
-- Both hold all that is read by them.
CREATE INDEX turnaround_by_end ON turnaround (pool, agency, ended_at, case_id, ended_on, in_time, decided, handler);
CREATE INDEX turnaround_by_item ON turnaround (pool, item, ended_on, agency, minutes, in_time, cause, second_supplement);

-- Figures of the supervisor's desk: what runs, by item.
CREATE INDEX case_running_by_item ON cases (pool, agency, item, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX breach_by_pool ON breach (pool, breached_at, case_id, term);

-- What applicants say of a finished case, once (CAS-11). The remark is sealed.
CREATE TABLE rating (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    remark BLOB,
    rated_by BLOB NOT NULL CHECK (length(rated_by) = 16) REFERENCES account (id),
    rated_at INTEGER NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE TRIGGER rating_no_update BEFORE UPDATE ON rating
BEGIN SELECT RAISE(ABORT, 'ratings are append-only'); END;
CREATE TRIGGER rating_no_delete BEFORE DELETE ON rating
BEGIN SELECT RAISE(ABORT, 'ratings are append-only'); END;

-- What a bad rating asks of the supervisor, with a clock of its own.
CREATE TABLE follow_up (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    due_at INTEGER NOT NULL,
    -- When supervisors were told that it is overdue.
    told_at INTEGER,
    closed_at INTEGER,
    closed_by BLOB CHECK (length(closed_by) = 16) REFERENCES account (id),
    -- What was done, sealed.
    words BLOB,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES rating (pool, case_id),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (words IS NULL))
) STRICT;
CREATE INDEX follow_up_open ON follow_up (pool, agency, due_at, case_id) WHERE closed_at IS NULL;
CREATE INDEX follow_up_closed ON follow_up (pool, agency, closed_at, case_id) WHERE closed_at IS NOT NULL;
CREATE INDEX follow_up_untold ON follow_up (due_at, case_id) WHERE closed_at IS NULL AND told_at IS NULL;

-- Finished cases that were drawn for a second look; the same seed draws the same cases.
CREATE TABLE sample (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    drawn_by BLOB NOT NULL CHECK (length(drawn_by) = 16) REFERENCES account (id),
    drawn_at INTEGER NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    seed INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    -- Finished cases of the period.
    population INTEGER NOT NULL,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX sample_by_agency ON sample (pool, agency, drawn_at, id);

CREATE TABLE sample_case (
    pool TEXT NOT NULL,
    sample_id BLOB NOT NULL CHECK (length(sample_id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    place INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('fine', 'wrong')),
    -- What is wrong, sealed.
    words BLOB,
    looked_by BLOB CHECK (length(looked_by) = 16) REFERENCES account (id),
    looked_at INTEGER,
    PRIMARY KEY (pool, sample_id, case_id),
    FOREIGN KEY (pool, sample_id) REFERENCES sample (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK ((outcome IS NULL) = (looked_by IS NULL) AND (outcome IS NULL) = (looked_at IS NULL))
) STRICT;
