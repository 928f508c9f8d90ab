-- What somebody does not want by SMS or mail (CAS-12): `matter/channel` pairs that are switched off.
CREATE TABLE notification_choice (
    account_id BLOB NOT NULL PRIMARY KEY CHECK (length(account_id) = 16) REFERENCES account (id),
    switched_off TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- Messages of a pool given up since its administrators were told last; times are the machine's.
CREATE TABLE dead_letters (
    pool TEXT NOT NULL PRIMARY KEY,
    untold INTEGER NOT NULL,
    told_at INTEGER
) STRICT;

-- Delivery as the case shows it.
CREATE INDEX outbox_by_case ON outbox (pool, case_id, id);
CREATE INDEX inbox_by_case ON inbox (pool, case_id, id);
