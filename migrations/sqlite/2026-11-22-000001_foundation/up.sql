-- Global tables: people, logins, reference data. Small, looked up by identifier or blind index.

CREATE TABLE agency (
    code TEXT NOT NULL PRIMARY KEY,
    pool TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('city', 'county', 'centre')),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    opens TEXT NOT NULL,
    lunch_from TEXT NOT NULL,
    lunch_to TEXT NOT NULL,
    closes TEXT NOT NULL
) STRICT;

CREATE TABLE institution (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hospital', 'pharmacy')),
    level INTEGER NOT NULL,
    pool TEXT NOT NULL,
    region TEXT NOT NULL
) STRICT;

CREATE TABLE employer (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    uscc TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    pool TEXT NOT NULL,
    agency TEXT NOT NULL REFERENCES agency (code),
    region TEXT NOT NULL
) STRICT;

-- The insured-person registry (CAS-9). ID number and phone are sealed; the hashes are blind indexes.
CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    id_number BLOB NOT NULL,
    id_hash BLOB NOT NULL UNIQUE,
    last_six_hash BLOB NOT NULL,
    name TEXT NOT NULL,
    sex TEXT NOT NULL CHECK (sex IN ('female', 'male')),
    born TEXT NOT NULL,
    region TEXT NOT NULL,
    phone BLOB,
    phone_hash BLOB,
    email BLOB,
    institution_id BLOB CHECK (length(institution_id) = 16) REFERENCES institution (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX person_by_phone ON person (phone_hash);

CREATE TABLE coverage (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person_id BLOB NOT NULL CHECK (length(person_id) = 16) REFERENCES person (id),
    pool TEXT NOT NULL,
    agency TEXT NOT NULL REFERENCES agency (code),
    scheme TEXT NOT NULL CHECK (scheme IN ('employee', 'resident')),
    category TEXT NOT NULL,
    employer_id BLOB CHECK (length(employer_id) = 16) REFERENCES employer (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
) STRICT;
CREATE INDEX coverage_by_person ON coverage (person_id, valid_from);
CREATE INDEX coverage_by_employer ON coverage (employer_id, person_id) WHERE employer_id IS NOT NULL;

CREATE TABLE relative (
    person_id BLOB NOT NULL CHECK (length(person_id) = 16) REFERENCES person (id),
    relative_id BLOB NOT NULL CHECK (length(relative_id) = 16) REFERENCES person (id),
    PRIMARY KEY (person_id, relative_id)
) STRICT;

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    pool TEXT,
    agency TEXT REFERENCES agency (code),
    person_id BLOB CHECK (length(person_id) = 16) REFERENCES person (id),
    employer_id BLOB CHECK (length(employer_id) = 16) REFERENCES employer (id),
    institution_id BLOB CHECK (length(institution_id) = 16) REFERENCES institution (id),
    locale TEXT NOT NULL CHECK (locale IN ('zh-CN', 'en')),
    email BLOB,
    -- Raised when the password changes: sessions and tokens of an older epoch end.
    epoch INTEGER NOT NULL,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_by_person ON account (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX account_by_agency ON account (agency, role) WHERE agency IS NOT NULL;

-- Sessions run on the machine's own clock.
CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    account_id BLOB NOT NULL CHECK (length(account_id) = 16) REFERENCES account (id),
    epoch INTEGER NOT NULL,
    csrf TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX session_by_account ON session (account_id) WHERE ended_at IS NULL;
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE signing_key (
    kid TEXT NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;

-- Failed attempts by blind-indexed subject (account name, address); successes leave nothing here.
CREATE TABLE failed_attempt (
    subject BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    locked_until INTEGER
) STRICT;

-- The demo's shift of business time: one row, read by every instance.
CREATE TABLE demo_clock (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    offset_micros INTEGER NOT NULL,
    epoch INTEGER NOT NULL
) STRICT;

-- Data that came with the program and were replaced by an import; the latest version of a kind is in force.
CREATE TABLE reference_data (
    kind TEXT NOT NULL CHECK (kind IN ('regions', 'calendar')),
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    source TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (kind, version)
) STRICT;

-- The demo world: one row, there as soon as the world is being made, so that only one instance makes it.
CREATE TABLE demo_world (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    -- Business time at which it began; every date of the world is relative to it.
    begun_at INTEGER NOT NULL,
    filled_at INTEGER
) STRICT;

-- Pool-owned tables: the pool comes first in every key, so that they can be spread by it.

-- A filing in the making; becomes a case when it is submitted.
CREATE TABLE draft (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    account_id BLOB NOT NULL CHECK (length(account_id) = 16) REFERENCES account (id),
    item TEXT NOT NULL,
    form_version INTEGER NOT NULL,
    answers BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX draft_by_account ON draft (account_id, updated_at);
CREATE INDEX draft_by_expiry ON draft (expires_at);

CREATE TABLE cases (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    receipt_no TEXT NOT NULL,
    agency TEXT NOT NULL REFERENCES agency (code),
    item TEXT NOT NULL,
    form_version INTEGER NOT NULL,
    answers BLOB NOT NULL,
    person_id BLOB NOT NULL CHECK (length(person_id) = 16) REFERENCES person (id),
    -- Copied, so that a list needs no join; the registry may change later.
    person_name TEXT NOT NULL,
    filed_by BLOB NOT NULL CHECK (length(filed_by) = 16) REFERENCES account (id),
    channel TEXT NOT NULL,
    urgency TEXT NOT NULL,
    filed_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('awaiting_parcel', 'submitted', 'in_review', 'supplement_requested', 'awaiting_agency', 'awaiting_institution', 'second_review', 'fulfilling', 'closed', 'refused', 'not_accepted', 'withdrawn', 'lapsed')),
    stage TEXT,
    version INTEGER NOT NULL,
    holder BLOB CHECK (length(holder) = 16) REFERENCES account (id),
    first_reviewer BLOB CHECK (length(first_reviewer) = 16) REFERENCES account (id),
    proposed TEXT,
    sampled INTEGER NOT NULL,
    supplements INTEGER NOT NULL,
    front INTEGER NOT NULL,
    queue_rank INTEGER NOT NULL,
    -- Working days (CLK-1), as JSON.
    limits TEXT NOT NULL,
    answered INTEGER NOT NULL,
    -- Run, pause or stop, as JSON; due_at is its index.
    clock TEXT NOT NULL,
    due_at INTEGER,
    breached_at INTEGER,
    escalated INTEGER NOT NULL,
    decision TEXT,
    closed_at INTEGER,
    -- Since when it is somebody's turn: the last change of state.
    turn_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, receipt_no),
    CHECK (state <> 'in_review' OR holder IS NOT NULL OR escalated)
) STRICT;
CREATE INDEX case_queue ON cases (pool, agency, queue_rank, due_at, id) WHERE state = 'submitted' AND NOT escalated;
CREATE INDEX case_second_review ON cases (pool, agency, due_at, id) WHERE state = 'second_review';
CREATE INDEX case_held ON cases (pool, holder, due_at, id) WHERE holder IS NOT NULL;
CREATE INDEX case_escalated ON cases (pool, agency, due_at, id) WHERE escalated;
CREATE INDEX case_running ON cases (pool, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX case_by_agency ON cases (pool, agency, filed_at, id);
CREATE INDEX case_by_agency_state ON cases (pool, agency, state, filed_at, id);
CREATE INDEX case_by_person ON cases (person_id, filed_at, id);
CREATE INDEX case_by_filer ON cases (filed_by, filed_at, id);

-- The journal: append-only, chained by hash within the case.
CREATE TABLE case_event (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor BLOB CHECK (length(actor) = 16),
    role TEXT,
    action TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    change TEXT NOT NULL,
    -- Free words, sealed with the key of the case.
    words BLOB,
    hash_version INTEGER NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (pool, case_id, number),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;

-- Destroying the row makes the words of the case's events unreadable; the chain still verifies.
CREATE TABLE case_key (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    sealed BLOB NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;

-- What lists and reports search.
CREATE TABLE case_fact (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (pool, case_id, name),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE INDEX case_fact_by_value ON case_fact (pool, name, value, case_id);

-- Uploaded papers; they may hang on a draft, so there is no foreign key to the case.
CREATE TABLE material (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    name TEXT NOT NULL,
    file_key TEXT NOT NULL,
    file_name BLOB NOT NULL,
    content_type TEXT NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    -- Version of the consent text agreed to, for health data (CAS-13).
    consent TEXT,
    uploaded_by BLOB NOT NULL CHECK (length(uploaded_by) = 16) REFERENCES account (id),
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX material_by_case ON material (pool, case_id, id);

-- Materials promised for later (CAS-4).
CREATE TABLE obligation (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    material TEXT NOT NULL,
    due_on TEXT NOT NULL,
    met_at INTEGER,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE INDEX obligation_by_case ON obligation (pool, case_id);

-- Time-driven work, written in the transaction that causes it.
CREATE TABLE timer (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    term INTEGER NOT NULL,
    kind TEXT NOT NULL,
    fire_at INTEGER NOT NULL,
    fired_at INTEGER,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, case_id, term, kind),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE INDEX timer_due ON timer (fire_at, id) WHERE fired_at IS NULL;

-- Messages to be sent, written in the transaction that causes them.
CREATE TABLE outbox (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB CHECK (length(case_id) = 16),
    event_number INTEGER,
    account_id BLOB NOT NULL CHECK (length(account_id) = 16) REFERENCES account (id),
    channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    address BLOB NOT NULL,
    notice TEXT NOT NULL,
    locale TEXT NOT NULL,
    particulars TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    sent_at INTEGER,
    last_error TEXT,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (next_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_sent ON outbox (sent_at, id) WHERE state = 'sent';
CREATE INDEX outbox_dead ON outbox (created_at, id) WHERE state = 'dead';

-- The in-portal inbox.
CREATE TABLE inbox (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    account_id BLOB NOT NULL CHECK (length(account_id) = 16) REFERENCES account (id),
    case_id BLOB CHECK (length(case_id) = 16),
    receipt_no TEXT,
    event_number INTEGER,
    notice TEXT NOT NULL,
    particulars TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    read_at INTEGER,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX inbox_by_account ON inbox (account_id, id);
CREATE INDEX inbox_unread ON inbox (account_id) WHERE read_at IS NULL;

-- One submission token, one case.
CREATE TABLE submission (
    account_id BLOB NOT NULL CHECK (length(account_id) = 16) REFERENCES account (id),
    token TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, token)
) STRICT;
CREATE INDEX submission_by_age ON submission (created_at);

-- Cross-region registrations (XR-1), records apart from their cases.
CREATE TABLE registration (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    person_id BLOB NOT NULL CHECK (length(person_id) = 16) REFERENCES person (id),
    kind TEXT NOT NULL,
    destination TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'ended', 'cancelled', 'recorded')),
    -- The registration this one takes the place of when it is approved.
    replaces BLOB CHECK (length(replaces) = 16),
    -- The open case that changes or cancels this one.
    claimed_by BLOB CHECK (length(claimed_by) = 16),
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
) STRICT;
CREATE INDEX registration_by_person ON registration (person_id, starts_on, id);
CREATE INDEX registration_by_case ON registration (pool, case_id);

-- Rules that look at other rows take one of these and raise its version in the same transaction.
CREATE TABLE guard (
    pool TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL CHECK (length(subject) = 16),
    version INTEGER NOT NULL,
    PRIMARY KEY (pool, kind, subject)
) STRICT;

-- Receipt numbers are handed out in blocks, so that filings do not queue for one counter.
CREATE TABLE receipt_block (
    pool TEXT NOT NULL,
    agency TEXT NOT NULL,
    day TEXT NOT NULL,
    next_number INTEGER NOT NULL,
    PRIMARY KEY (pool, agency, day)
) STRICT;

-- What one person asked for and another confirms.
CREATE TABLE approval (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    case_version INTEGER NOT NULL,
    action TEXT NOT NULL,
    asked_by BLOB NOT NULL CHECK (length(asked_by) = 16) REFERENCES account (id),
    asked_at INTEGER NOT NULL,
    command BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'confirmed', 'declined')),
    answered_by BLOB CHECK (length(answered_by) = 16) REFERENCES account (id),
    answered_at INTEGER,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (answered_by IS NULL OR answered_by <> asked_by)
) STRICT;
CREATE INDEX approval_waiting ON approval (pool, case_id) WHERE state = 'waiting';

-- Who saw which sensitive data, and why (CAS-13).
CREATE TABLE sensitive_read (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    account_id BLOB NOT NULL CHECK (length(account_id) = 16) REFERENCES account (id),
    person_id BLOB NOT NULL CHECK (length(person_id) = 16) REFERENCES person (id),
    case_id BLOB CHECK (length(case_id) = 16),
    what TEXT NOT NULL,
    reason BLOB NOT NULL,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX sensitive_read_by_person ON sensitive_read (person_id, id);

CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
