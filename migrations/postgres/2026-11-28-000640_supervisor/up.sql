-- One row a finished case, written in the transaction of its last step (CLK-9): what public figures, charts and samples
-- are made of. A case that is opened again loses its row until it ends anew. Nothing in it names the person concerned.
CREATE TABLE turnaround (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    item text NOT NULL,
    receipt_no text NOT NULL,
    ended_at timestamptz NOT NULL,
    -- The Beijing day of it.
    ended_on date NOT NULL,
    -- Decided by the agency; else withdrawn or lapsed after a missed deadline.
    decided boolean NOT NULL,
    -- Who worked on it last.
    handler uuid REFERENCES account (id),
    -- Working time from filing to the end in which the case waited for nobody outside the agency.
    minutes integer NOT NULL,
    -- No deadline was missed.
    in_time boolean NOT NULL,
    cause text,
    second_supplement boolean NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
-- Both hold all that is read by them.
CREATE INDEX turnaround_by_end ON turnaround (pool, agency, ended_at, case_id, ended_on, in_time, decided, handler);
CREATE INDEX turnaround_by_item ON turnaround (pool, item, ended_on, agency, minutes, in_time, cause, second_supplement);

-- Figures of the supervisor's desk: what runs, by item.
CREATE INDEX case_running_by_item ON cases (pool, agency, item, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX breach_by_pool ON breach (pool, breached_at, case_id, term);

-- What applicants say of a finished case, once (CAS-11). The remark is sealed.
CREATE TABLE rating (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    stars integer NOT NULL CHECK (stars BETWEEN 1 AND 5),
    remark bytea,
    rated_by uuid NOT NULL REFERENCES account (id),
    rated_at timestamptz NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE FUNCTION ratings_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ratings are append-only';
END $$;
CREATE TRIGGER rating_no_change BEFORE UPDATE OR DELETE ON rating
    FOR EACH ROW EXECUTE FUNCTION ratings_are_append_only();
CREATE TRIGGER rating_no_truncate BEFORE TRUNCATE ON rating
    FOR EACH STATEMENT EXECUTE FUNCTION ratings_are_append_only();

-- What a bad rating asks of the supervisor, with a clock of its own.
CREATE TABLE follow_up (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    due_at timestamptz NOT NULL,
    -- When supervisors were told that it is overdue.
    told_at timestamptz,
    closed_at timestamptz,
    closed_by uuid REFERENCES account (id),
    -- What was done, sealed.
    words bytea,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES rating (pool, case_id),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (words IS NULL))
);
CREATE INDEX follow_up_open ON follow_up (pool, agency, due_at, case_id) WHERE closed_at IS NULL;
CREATE INDEX follow_up_closed ON follow_up (pool, agency, closed_at, case_id) WHERE closed_at IS NOT NULL;
CREATE INDEX follow_up_untold ON follow_up (due_at, case_id) WHERE closed_at IS NULL AND told_at IS NULL;

-- Finished cases that were drawn for a second look; the same seed draws the same cases.
CREATE TABLE sample (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    drawn_by uuid NOT NULL REFERENCES account (id),
    drawn_at timestamptz NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    seed bigint NOT NULL,
    wanted integer NOT NULL,
    -- Finished cases of the period.
    population integer NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE INDEX sample_by_agency ON sample (pool, agency, drawn_at, id);

CREATE TABLE sample_case (
    pool text NOT NULL,
    sample_id uuid NOT NULL,
    case_id uuid NOT NULL,
    place integer NOT NULL,
    outcome text CHECK (outcome IN ('fine', 'wrong')),
    -- What is wrong, sealed.
    words bytea,
    looked_by uuid REFERENCES account (id),
    looked_at timestamptz,
    PRIMARY KEY (pool, sample_id, case_id),
    FOREIGN KEY (pool, sample_id) REFERENCES sample (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK ((outcome IS NULL) = (looked_by IS NULL) AND (outcome IS NULL) = (looked_at IS NULL))
);
