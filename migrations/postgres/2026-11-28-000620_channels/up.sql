-- What somebody does not want by SMS or mail (CAS-12): `matter/channel` pairs that are switched off.
CREATE TABLE notification_choice (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES account (id),
    switched_off text NOT NULL,
    changed_at timestamptz NOT NULL
);

-- Messages of a pool given up since its administrators were told last; times are the machine's.
CREATE TABLE dead_letters (
    pool text NOT NULL PRIMARY KEY,
    untold integer NOT NULL,
    told_at timestamptz
);

-- Delivery as the case shows it.
CREATE INDEX outbox_by_case ON outbox (pool, case_id, id);
CREATE INDEX inbox_by_case ON inbox (pool, case_id, id);
