-- The duty roster of an agency (CAT-3): who is there when, and who of them answers the phone.
CREATE TABLE duty_shift (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    account_id uuid NOT NULL REFERENCES account (id),
    -- A Beijing day, and times of that day.
    day date NOT NULL,
    starts text NOT NULL,
    ends text NOT NULL,
    phone boolean NOT NULL,
    made_by uuid NOT NULL REFERENCES account (id),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id),
    CHECK (ends > starts)
);
CREATE INDEX duty_shift_by_day ON duty_shift (pool, agency, day);

-- Leave of handlers, with who stands in (CLK-5, CLK-7). Days are Beijing days, both counted.
CREATE TABLE staff_leave (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    account_id uuid NOT NULL REFERENCES account (id),
    from_day date NOT NULL,
    to_day date NOT NULL,
    stand_in uuid NOT NULL REFERENCES account (id),
    asked_by uuid NOT NULL REFERENCES account (id),
    asked_at timestamptz NOT NULL,
    -- Since when it counts; before that it is asked for.
    granted_at timestamptz,
    -- When the cases in hand went to the stand-in: once.
    begun_at timestamptz,
    cancelled_at timestamptz,
    PRIMARY KEY (pool, id),
    CHECK (to_day >= from_day),
    CHECK (stand_in <> account_id)
);
CREATE INDEX staff_leave_by_agency ON staff_leave (pool, agency, to_day);
CREATE INDEX staff_leave_to_begin ON staff_leave (from_day) WHERE begun_at IS NULL AND cancelled_at IS NULL AND granted_at IS NOT NULL;
