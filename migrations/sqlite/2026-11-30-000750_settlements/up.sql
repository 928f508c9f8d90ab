-- What the review allows of a line of a claim (RB-6): append-only, the latest of a line counts, as long as the line is the one
-- it was said of. Amounts are fen, shares basis points. The reason is sealed.
CREATE TABLE claim_adjustment (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    -- The case's event that says it.
    event INTEGER NOT NULL,
    line INTEGER NOT NULL CHECK (line >= 1),
    -- The line as it was then.
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    asked INTEGER NOT NULL CHECK (asked > 0),
    allowed INTEGER NOT NULL CHECK (allowed BETWEEN 0 AND asked),
    class TEXT CHECK (class IN ('A', 'B', 'outside')),
    own_share INTEGER CHECK (own_share BETWEEN 0 AND 10000),
    protocol INTEGER NOT NULL CHECK (protocol IN (0, 1)),
    reason BLOB NOT NULL,
    by_account BLOB NOT NULL CHECK (length(by_account) = 16) REFERENCES account (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (pool, case_id, event),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE TRIGGER claim_adjustment_no_update BEFORE UPDATE ON claim_adjustment
BEGIN SELECT RAISE(ABORT, 'adjustments of a claim are append-only'); END;
CREATE TRIGGER claim_adjustment_no_delete BEFORE DELETE ON claim_adjustment
BEGIN SELECT RAISE(ABORT, 'adjustments of a claim are append-only'); END;

-- Settlements of a claim (SET-1): append-only, a correction is a new version. What it was computed from is sealed. Fen.
CREATE TABLE settlement (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    number INTEGER NOT NULL CHECK (number >= 1),
    person_id BLOB NOT NULL CHECK (length(person_id) = 16) REFERENCES person (id),
    computed_at INTEGER NOT NULL,
    computed_by BLOB CHECK (length(computed_by) = 16) REFERENCES account (id),
    -- By which pack: of which pool, on which day.
    policy_pool TEXT NOT NULL,
    policy_day TEXT NOT NULL,
    -- The calendar year whose room it takes (SET-7).
    year INTEGER NOT NULL,
    input BLOB NOT NULL,
    -- The whole answer, trail and all.
    output TEXT NOT NULL CHECK (json_valid(output)),
    total INTEGER NOT NULL CHECK (total >= 0),
    basic INTEGER NOT NULL CHECK (basic >= 0),
    serious INTEGER NOT NULL CHECK (serious >= 0),
    aid INTEGER NOT NULL CHECK (aid >= 0),
    subsidy INTEGER NOT NULL CHECK (subsidy >= 0),
    person INTEGER NOT NULL CHECK (person >= 0),
    -- Who bears the subsidy (SET-8).
    share_centre INTEGER NOT NULL CHECK (share_centre >= 0),
    share_province INTEGER NOT NULL CHECK (share_province >= 0),
    share_city INTEGER NOT NULL CHECK (share_city >= 0),
    share_county INTEGER NOT NULL CHECK (share_county >= 0),
    share_unallocated INTEGER NOT NULL CHECK (share_unallocated >= 0),
    PRIMARY KEY (pool, case_id, number),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (total = basic + serious + aid + subsidy + person),
    CHECK (subsidy = share_centre + share_province + share_city + share_county + share_unallocated)
) STRICT;
CREATE TRIGGER settlement_no_update BEFORE UPDATE ON settlement
BEGIN SELECT RAISE(ABORT, 'settlements are append-only'); END;
CREATE TRIGGER settlement_no_delete BEFORE DELETE ON settlement
BEGIN SELECT RAISE(ABORT, 'settlements are append-only'); END;

-- What a person used of a calendar year (SET-7): the guard row of everything that takes room of it. Fen.
CREATE TABLE accumulator (
    pool TEXT NOT NULL,
    person_id BLOB NOT NULL CHECK (length(person_id) = 16) REFERENCES person (id),
    year INTEGER NOT NULL,
    version INTEGER NOT NULL,
    admissions INTEGER NOT NULL CHECK (admissions >= 0),
    basic INTEGER NOT NULL CHECK (basic >= 0),
    serious_burden INTEGER NOT NULL CHECK (serious_burden >= 0),
    aid INTEGER NOT NULL CHECK (aid >= 0),
    outpatient INTEGER NOT NULL CHECK (outpatient >= 0),
    outpatient_deducted INTEGER NOT NULL CHECK (outpatient_deducted >= 0),
    PRIMARY KEY (pool, person_id, year)
) STRICT;

-- What took room of it, and what gave it back: append-only.
CREATE TABLE accumulator_entry (
    pool TEXT NOT NULL,
    person_id BLOB NOT NULL CHECK (length(person_id) = 16),
    year INTEGER NOT NULL,
    -- The version of the accumulator that it made.
    number INTEGER NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    settlement INTEGER NOT NULL,
    -- 1 takes, -1 gives back.
    sign INTEGER NOT NULL CHECK (sign IN (1, -1)),
    admissions INTEGER NOT NULL CHECK (admissions >= 0),
    basic INTEGER NOT NULL CHECK (basic >= 0),
    serious_burden INTEGER NOT NULL CHECK (serious_burden >= 0),
    aid INTEGER NOT NULL CHECK (aid >= 0),
    outpatient INTEGER NOT NULL CHECK (outpatient >= 0),
    outpatient_deducted INTEGER NOT NULL CHECK (outpatient_deducted >= 0),
    at INTEGER NOT NULL,
    PRIMARY KEY (pool, person_id, year, number),
    FOREIGN KEY (pool, person_id, year) REFERENCES accumulator (pool, person_id, year),
    FOREIGN KEY (pool, case_id, settlement) REFERENCES settlement (pool, case_id, number)
) STRICT;
CREATE INDEX accumulator_entry_by_case ON accumulator_entry (pool, case_id, settlement);
CREATE TRIGGER accumulator_entry_no_update BEFORE UPDATE ON accumulator_entry
BEGIN SELECT RAISE(ABORT, 'entries of accumulators are append-only'); END;
CREATE TRIGGER accumulator_entry_no_delete BEFORE DELETE ON accumulator_entry
BEGIN SELECT RAISE(ABORT, 'entries of accumulators are append-only'); END;
