-- Events that no seal covers yet. Filled by a trigger, so that no writer can forget it.
CREATE TABLE unsealed_event (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    number integer NOT NULL,
    PRIMARY KEY (pool, case_id, number)
);

-- A seal: what the journal of a pool was at that moment, chained to the seal before.
CREATE TABLE seal (
    pool text NOT NULL,
    -- 1, 2, 3 … within the pool, without gap.
    number integer NOT NULL,
    -- Business time; never before the seal before.
    sealed_at timestamptz NOT NULL,
    entries integer NOT NULL,
    -- Events covered by this seal and all before it.
    total bigint NOT NULL,
    hash_version smallint NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (pool, number)
);
CREATE INDEX seal_by_time ON seal (pool, sealed_at, number);

-- The head of each case that had changed: its last event's number and hash. The case's own chain covers what is before.
CREATE TABLE seal_entry (
    pool text NOT NULL,
    seal integer NOT NULL,
    case_id uuid NOT NULL,
    number integer NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (pool, seal, case_id)
);
CREATE INDEX seal_entry_by_case ON seal_entry (pool, case_id, number);

-- One line a day to publish: the last seal of the day.
CREATE TABLE anchor (
    pool text NOT NULL,
    day date NOT NULL,
    -- Events sealed up to then.
    events bigint NOT NULL,
    seal integer NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (pool, day)
);

CREATE FUNCTION case_event_waits_for_its_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unsealed_event (pool, case_id, number) VALUES (NEW.pool, NEW.case_id, NEW.number);
    RETURN NULL;
END $$;
CREATE TRIGGER case_event_waits_for_its_seal AFTER INSERT ON case_event
    FOR EACH ROW EXECUTE FUNCTION case_event_waits_for_its_seal();

CREATE FUNCTION seals_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'seals are append-only';
END $$;
CREATE TRIGGER seal_no_change BEFORE UPDATE OR DELETE ON seal
    FOR EACH ROW EXECUTE FUNCTION seals_are_append_only();
CREATE TRIGGER seal_no_truncate BEFORE TRUNCATE ON seal
    FOR EACH STATEMENT EXECUTE FUNCTION seals_are_append_only();
CREATE TRIGGER seal_entry_no_change BEFORE UPDATE OR DELETE ON seal_entry
    FOR EACH ROW EXECUTE FUNCTION seals_are_append_only();
CREATE TRIGGER seal_entry_no_truncate BEFORE TRUNCATE ON seal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION seals_are_append_only();
CREATE TRIGGER anchor_no_change BEFORE UPDATE OR DELETE ON anchor
    FOR EACH ROW EXECUTE FUNCTION seals_are_append_only();
CREATE TRIGGER anchor_no_truncate BEFORE TRUNCATE ON anchor
    FOR EACH STATEMENT EXECUTE FUNCTION seals_are_append_only();

-- What is there already waits for its first seal.
INSERT INTO unsealed_event (pool, case_id, number) SELECT pool, case_id, number FROM case_event;
