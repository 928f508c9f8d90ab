-- The duty roster of an agency (CAT-3): who is there when, and who of them answers the phone.
CREATE TABLE duty_shift (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    account_id BLOB NOT NULL CHECK (length(account_id) = 16) REFERENCES account (id),
    -- A Beijing day, and times of that day.
    day TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    phone INTEGER NOT NULL CHECK (phone IN (0, 1)),
    made_by BLOB NOT NULL CHECK (length(made_by) = 16) REFERENCES account (id),
    made_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id),
    CHECK (ends > starts)
) STRICT;
CREATE INDEX duty_shift_by_day ON duty_shift (pool, agency, day);

-- Leave of handlers, with who stands in (CLK-5, CLK-7). Days are Beijing days, both counted.
CREATE TABLE staff_leave (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    account_id BLOB NOT NULL CHECK (length(account_id) = 16) REFERENCES account (id),
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    stand_in BLOB NOT NULL CHECK (length(stand_in) = 16) REFERENCES account (id),
    asked_by BLOB NOT NULL CHECK (length(asked_by) = 16) REFERENCES account (id),
    asked_at INTEGER NOT NULL,
    -- Since when it counts; before that it is asked for.
    granted_at INTEGER,
    -- When the cases in hand went to the stand-in: once.
    begun_at INTEGER,
    cancelled_at INTEGER,
    PRIMARY KEY (pool, id),
    CHECK (to_day >= from_day),
    CHECK (stand_in <> account_id)
) STRICT;
CREATE INDEX staff_leave_by_agency ON staff_leave (pool, agency, to_day);
CREATE INDEX staff_leave_to_begin ON staff_leave (from_day) WHERE begun_at IS NULL AND cancelled_at IS NULL AND granted_at IS NOT NULL;
