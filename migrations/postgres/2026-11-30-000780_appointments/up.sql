-- Appointments (预约, RB-2) and filing at the counter (窗口, RB-3).

-- A counter of an agency that takes appointments.
CREATE TABLE counter (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    -- As on the sign above it.
    number integer NOT NULL CHECK (number BETWEEN 1 AND 99),
    name text NOT NULL,
    made_by uuid NOT NULL REFERENCES account (id),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, agency, number)
);

-- When a counter takes how many: spans of so many minutes with so many places each.
CREATE TABLE counter_opening (
    pool text NOT NULL,
    counter_id uuid NOT NULL,
    -- Digits from 1 (Monday) to 7; a working day is needed all the same (CLK-2).
    weekdays text NOT NULL,
    -- Beijing time of day.
    starts text NOT NULL,
    ends text NOT NULL CHECK (ends > starts),
    minutes integer NOT NULL CHECK (minutes BETWEEN 5 AND 240),
    capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 100),
    PRIMARY KEY (pool, counter_id, weekdays, starts),
    FOREIGN KEY (pool, counter_id) REFERENCES counter (pool, id)
);

-- A working day on which an agency takes no appointments.
CREATE TABLE closed_day (
    pool text NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    day date NOT NULL,
    reason text NOT NULL,
    made_by uuid NOT NULL REFERENCES account (id),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (pool, agency, day)
);

-- A span that can be booked: the guard row of its places, whose version every booking and freeing raises.
CREATE TABLE slot (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    counter_id uuid NOT NULL,
    day date NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    -- Fewer than are taken when the plan was cut: who has a place keeps it.
    capacity integer NOT NULL CHECK (capacity >= 0),
    taken integer NOT NULL CHECK (taken >= 0),
    version integer NOT NULL,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, counter_id, starts_at),
    FOREIGN KEY (pool, counter_id) REFERENCES counter (pool, id)
);
CREATE INDEX slot_by_day ON slot (pool, agency, day, starts_at);

-- A booking, or a place on the waiting list of a span.
CREATE TABLE appointment (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    slot_id uuid NOT NULL,
    day date NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    -- Slug of the item.
    item text NOT NULL,
    state text NOT NULL CHECK (state IN ('booked', 'waiting', 'moved', 'cancelled', 'attended', 'no-show')),
    -- What is said at the counter; none while it waits.
    code text,
    booked_by uuid NOT NULL REFERENCES account (id),
    -- Waiting is served in this order.
    booked_at timestamptz NOT NULL,
    -- When it is reminded of; empty once that is done, or when it is too near.
    remind_at timestamptz,
    -- When its span ends: until then somebody may still come.
    ends_at timestamptz NOT NULL,
    settled_by uuid REFERENCES account (id),
    settled_at timestamptz,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, slot_id) REFERENCES slot (pool, id)
);
-- One live booking a person and day.
CREATE UNIQUE INDEX appointment_one_a_day ON appointment (pool, person_id, day) WHERE state = 'booked';
CREATE UNIQUE INDEX appointment_waits_once ON appointment (pool, person_id, slot_id) WHERE state = 'waiting';
-- Addresses of pages name no pool.
CREATE INDEX appointment_by_id ON appointment (id);
CREATE INDEX appointment_of_person ON appointment (person_id, ends_at);
CREATE INDEX appointment_by_day ON appointment (pool, agency, day);
CREATE INDEX appointment_waiting ON appointment (pool, slot_id, booked_at, id) WHERE state = 'waiting';
CREATE INDEX appointment_to_remind ON appointment (remind_at) WHERE state = 'booked' AND remind_at IS NOT NULL;
CREATE INDEX appointment_open ON appointment (ends_at) WHERE state IN ('booked', 'waiting');

-- On what a filing at the counter rests: the document that was seen (RB-3). The check of the table it comes beside
-- knows calls and authorisations only, so it has a table of its own.
CREATE TABLE seen_at_counter (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    document text NOT NULL CHECK (document IN ('id-card', 'social-security-card', 'residence-permit', 'passport', 'household-register')),
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
