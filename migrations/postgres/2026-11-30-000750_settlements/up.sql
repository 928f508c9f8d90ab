-- What the review allows of a line of a claim (RB-6): append-only, the latest of a line counts, as long as the line is the one
-- it was said of. Amounts are fen, shares basis points. The reason is sealed.
CREATE TABLE claim_adjustment (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    -- The case's event that says it.
    event integer NOT NULL,
    line integer NOT NULL CHECK (line >= 1),
    -- The line as it was then.
    day date NOT NULL,
    name text NOT NULL,
    asked bigint NOT NULL CHECK (asked > 0),
    allowed bigint NOT NULL CHECK (allowed BETWEEN 0 AND asked),
    class text CHECK (class IN ('A', 'B', 'outside')),
    own_share integer CHECK (own_share BETWEEN 0 AND 10000),
    protocol boolean NOT NULL,
    reason bytea NOT NULL,
    by_account uuid NOT NULL REFERENCES account (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (pool, case_id, event),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE FUNCTION claim_adjustment_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'adjustments of a claim are append-only';
END $$;
CREATE TRIGGER claim_adjustment_no_change BEFORE UPDATE OR DELETE ON claim_adjustment
    FOR EACH ROW EXECUTE FUNCTION claim_adjustment_is_append_only();
CREATE TRIGGER claim_adjustment_no_truncate BEFORE TRUNCATE ON claim_adjustment
    FOR EACH STATEMENT EXECUTE FUNCTION claim_adjustment_is_append_only();

-- Settlements of a claim (SET-1): append-only, a correction is a new version. What it was computed from is sealed. Fen.
CREATE TABLE settlement (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    person_id uuid NOT NULL REFERENCES person (id),
    computed_at timestamptz NOT NULL,
    computed_by uuid REFERENCES account (id),
    -- By which pack: of which pool, on which day.
    policy_pool text NOT NULL,
    policy_day date NOT NULL,
    -- The calendar year whose room it takes (SET-7).
    year integer NOT NULL,
    input bytea NOT NULL,
    -- The whole answer, trail and all.
    output text NOT NULL,
    total bigint NOT NULL CHECK (total >= 0),
    basic bigint NOT NULL CHECK (basic >= 0),
    serious bigint NOT NULL CHECK (serious >= 0),
    aid bigint NOT NULL CHECK (aid >= 0),
    subsidy bigint NOT NULL CHECK (subsidy >= 0),
    person bigint NOT NULL CHECK (person >= 0),
    -- Who bears the subsidy (SET-8).
    share_centre bigint NOT NULL CHECK (share_centre >= 0),
    share_province bigint NOT NULL CHECK (share_province >= 0),
    share_city bigint NOT NULL CHECK (share_city >= 0),
    share_county bigint NOT NULL CHECK (share_county >= 0),
    share_unallocated bigint NOT NULL CHECK (share_unallocated >= 0),
    PRIMARY KEY (pool, case_id, number),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (total = basic + serious + aid + subsidy + person),
    CHECK (subsidy = share_centre + share_province + share_city + share_county + share_unallocated)
);
CREATE FUNCTION settlement_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'settlements are append-only';
END $$;
CREATE TRIGGER settlement_no_change BEFORE UPDATE OR DELETE ON settlement
    FOR EACH ROW EXECUTE FUNCTION settlement_is_append_only();
CREATE TRIGGER settlement_no_truncate BEFORE TRUNCATE ON settlement
    FOR EACH STATEMENT EXECUTE FUNCTION settlement_is_append_only();

-- What a person used of a calendar year (SET-7): the guard row of everything that takes room of it. Fen.
CREATE TABLE accumulator (
    pool text NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    year integer NOT NULL,
    version integer NOT NULL,
    admissions integer NOT NULL CHECK (admissions >= 0),
    basic bigint NOT NULL CHECK (basic >= 0),
    serious_burden bigint NOT NULL CHECK (serious_burden >= 0),
    aid bigint NOT NULL CHECK (aid >= 0),
    outpatient bigint NOT NULL CHECK (outpatient >= 0),
    outpatient_deducted bigint NOT NULL CHECK (outpatient_deducted >= 0),
    PRIMARY KEY (pool, person_id, year)
);

-- What took room of it, and what gave it back: append-only.
CREATE TABLE accumulator_entry (
    pool text NOT NULL,
    person_id uuid NOT NULL,
    year integer NOT NULL,
    -- The version of the accumulator that it made.
    number integer NOT NULL,
    case_id uuid NOT NULL,
    settlement integer NOT NULL,
    -- 1 takes, -1 gives back.
    sign integer NOT NULL CHECK (sign IN (1, -1)),
    admissions integer NOT NULL CHECK (admissions >= 0),
    basic bigint NOT NULL CHECK (basic >= 0),
    serious_burden bigint NOT NULL CHECK (serious_burden >= 0),
    aid bigint NOT NULL CHECK (aid >= 0),
    outpatient bigint NOT NULL CHECK (outpatient >= 0),
    outpatient_deducted bigint NOT NULL CHECK (outpatient_deducted >= 0),
    at timestamptz NOT NULL,
    PRIMARY KEY (pool, person_id, year, number),
    FOREIGN KEY (pool, person_id, year) REFERENCES accumulator (pool, person_id, year),
    FOREIGN KEY (pool, case_id, settlement) REFERENCES settlement (pool, case_id, number)
);
CREATE INDEX accumulator_entry_by_case ON accumulator_entry (pool, case_id, settlement);
CREATE FUNCTION accumulator_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of accumulators are append-only';
END $$;
CREATE TRIGGER accumulator_entry_no_change BEFORE UPDATE OR DELETE ON accumulator_entry
    FOR EACH ROW EXECUTE FUNCTION accumulator_entry_is_append_only();
CREATE TRIGGER accumulator_entry_no_truncate BEFORE TRUNCATE ON accumulator_entry
    FOR EACH STATEMENT EXECUTE FUNCTION accumulator_entry_is_append_only();
