-- Appointments (预约, RB-2) and filing at the counter (窗口, RB-3).

-- A counter of an agency that takes appointments.
CREATE TABLE counter (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    -- As on the sign above it.
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 99),
    name TEXT NOT NULL,
    made_by BLOB NOT NULL CHECK (length(made_by) = 16) REFERENCES account (id),
    made_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, agency, number)
) STRICT;

-- When a counter takes how many: spans of so many minutes with so many places each.
CREATE TABLE counter_opening (
    pool TEXT NOT NULL,
    counter_id BLOB NOT NULL CHECK (length(counter_id) = 16),
    -- Digits from 1 (Monday) to 7; a working day is needed all the same (CLK-2).
    weekdays TEXT NOT NULL,
    -- Beijing time of day.
    starts TEXT NOT NULL,
    ends TEXT NOT NULL CHECK (ends > starts),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 240),
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 100),
    PRIMARY KEY (pool, counter_id, weekdays, starts),
    FOREIGN KEY (pool, counter_id) REFERENCES counter (pool, id)
) STRICT;

-- A working day on which an agency takes no appointments.
CREATE TABLE closed_day (
    pool TEXT NOT NULL,
    agency TEXT NOT NULL REFERENCES agency (code),
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by BLOB NOT NULL CHECK (length(made_by) = 16) REFERENCES account (id),
    made_at INTEGER NOT NULL,
    PRIMARY KEY (pool, agency, day)
) STRICT;

-- A span that can be booked: the guard row of its places, whose version every booking and freeing raises.
CREATE TABLE slot (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    counter_id BLOB NOT NULL CHECK (length(counter_id) = 16),
    day TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL CHECK (ends_at > starts_at),
    -- Fewer than are taken when the plan was cut: who has a place keeps it.
    capacity INTEGER NOT NULL CHECK (capacity >= 0),
    taken INTEGER NOT NULL CHECK (taken >= 0),
    version INTEGER NOT NULL,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, counter_id, starts_at),
    FOREIGN KEY (pool, counter_id) REFERENCES counter (pool, id)
) STRICT;
CREATE INDEX slot_by_day ON slot (pool, agency, day, starts_at);

-- A booking, or a place on the waiting list of a span.
CREATE TABLE appointment (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    slot_id BLOB NOT NULL CHECK (length(slot_id) = 16),
    day TEXT NOT NULL,
    person_id BLOB NOT NULL CHECK (length(person_id) = 16) REFERENCES person (id),
    -- Slug of the item.
    item TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('booked', 'waiting', 'moved', 'cancelled', 'attended', 'no-show')),
    -- What is said at the counter; none while it waits.
    code TEXT,
    booked_by BLOB NOT NULL CHECK (length(booked_by) = 16) REFERENCES account (id),
    -- Waiting is served in this order.
    booked_at INTEGER NOT NULL,
    -- When it is reminded of; empty once that is done, or when it is too near.
    remind_at INTEGER,
    -- When its span ends: until then somebody may still come.
    ends_at INTEGER NOT NULL,
    settled_by BLOB CHECK (length(settled_by) = 16) REFERENCES account (id),
    settled_at INTEGER,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, slot_id) REFERENCES slot (pool, id)
) STRICT;
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
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    document TEXT NOT NULL CHECK (document IN ('id-card', 'social-security-card', 'residence-permit', 'passport', 'household-register')),
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
