-- Events that no seal covers yet. Filled by a trigger, so that no writer can forget it.
CREATE TABLE unsealed_event (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    number INTEGER NOT NULL,
    PRIMARY KEY (pool, case_id, number)
) STRICT, WITHOUT ROWID;

-- A seal: what the journal of a pool was at that moment, chained to the seal before.
CREATE TABLE seal (
    pool TEXT NOT NULL,
    -- 1, 2, 3 … within the pool, without gap.
    number INTEGER NOT NULL,
    -- Business time; never before the seal before.
    sealed_at INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    -- Events covered by this seal and all before it.
    total INTEGER NOT NULL,
    hash_version INTEGER NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (pool, number)
) STRICT;
CREATE INDEX seal_by_time ON seal (pool, sealed_at, number);

-- The head of each case that had changed: its last event's number and hash. The case's own chain covers what is before.
CREATE TABLE seal_entry (
    pool TEXT NOT NULL,
    seal INTEGER NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    number INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (pool, seal, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seal_entry_by_case ON seal_entry (pool, case_id, number);

-- One line a day to publish: the last seal of the day.
CREATE TABLE anchor (
    pool TEXT NOT NULL,
    day TEXT NOT NULL,
    -- Events sealed up to then.
    events INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (pool, day)
) STRICT;

CREATE TRIGGER case_event_waits_for_its_seal AFTER INSERT ON case_event
BEGIN INSERT INTO unsealed_event (pool, case_id, number) VALUES (NEW.pool, NEW.case_id, NEW.number); END;

CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER seal_entry_no_update BEFORE UPDATE ON seal_entry
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER seal_entry_no_delete BEFORE DELETE ON seal_entry
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER anchor_no_update BEFORE UPDATE ON anchor
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER anchor_no_delete BEFORE DELETE ON anchor
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;

-- What is there already waits for its first seal.
INSERT INTO unsealed_event (pool, case_id, number) SELECT pool, case_id, number FROM case_event;
