-- Global tables: people, logins, reference data. Small, looked up by identifier or blind index.

CREATE TABLE agency (
    code text NOT NULL PRIMARY KEY,
    pool text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('city', 'county', 'centre')),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    phone text NOT NULL,
    address text NOT NULL,
    opens text NOT NULL,
    lunch_from text NOT NULL,
    lunch_to text NOT NULL,
    closes text NOT NULL
);

CREATE TABLE institution (
    id uuid NOT NULL PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('hospital', 'pharmacy')),
    level integer NOT NULL,
    pool text NOT NULL,
    region text NOT NULL
);

CREATE TABLE employer (
    id uuid NOT NULL PRIMARY KEY,
    uscc text NOT NULL UNIQUE,
    name text NOT NULL,
    pool text NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    region text NOT NULL
);

-- The insured-person registry (CAS-9). ID number and phone are sealed; the hashes are blind indexes.
CREATE TABLE person (
    id uuid NOT NULL PRIMARY KEY,
    id_number bytea NOT NULL,
    id_hash bytea NOT NULL UNIQUE,
    last_six_hash bytea NOT NULL,
    name text NOT NULL,
    sex text NOT NULL CHECK (sex IN ('female', 'male')),
    born date NOT NULL,
    region text NOT NULL,
    phone bytea,
    phone_hash bytea,
    email bytea,
    institution_id uuid REFERENCES institution (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX person_by_phone ON person (phone_hash);

CREATE TABLE coverage (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    pool text NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    scheme text NOT NULL CHECK (scheme IN ('employee', 'resident')),
    category text NOT NULL,
    employer_id uuid REFERENCES employer (id),
    valid_from date NOT NULL,
    valid_to date,
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX coverage_by_person ON coverage (person_id, valid_from);
CREATE INDEX coverage_by_employer ON coverage (employer_id, person_id) WHERE employer_id IS NOT NULL;

CREATE TABLE relative (
    person_id uuid NOT NULL REFERENCES person (id),
    relative_id uuid NOT NULL REFERENCES person (id),
    PRIMARY KEY (person_id, relative_id)
);

CREATE TABLE account (
    id uuid NOT NULL PRIMARY KEY,
    username text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    role text NOT NULL,
    name text NOT NULL,
    pool text,
    agency text REFERENCES agency (code),
    person_id uuid REFERENCES person (id),
    employer_id uuid REFERENCES employer (id),
    institution_id uuid REFERENCES institution (id),
    locale text NOT NULL CHECK (locale IN ('zh-CN', 'en')),
    email bytea,
    -- Raised when the password changes: sessions and tokens of an older epoch end.
    epoch integer NOT NULL,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX account_by_person ON account (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX account_by_agency ON account (agency, role) WHERE agency IS NOT NULL;

-- Sessions run on the machine's own clock.
CREATE TABLE session (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    epoch integer NOT NULL,
    csrf text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX session_by_account ON session (account_id) WHERE ended_at IS NULL;
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE signing_key (
    kid text NOT NULL PRIMARY KEY,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);

-- Failed attempts by blind-indexed subject (account name, address); successes leave nothing here.
CREATE TABLE failed_attempt (
    subject bytea NOT NULL PRIMARY KEY,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    locked_until timestamptz
);

-- The demo's shift of business time: one row, read by every instance.
CREATE TABLE demo_clock (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    offset_micros bigint NOT NULL,
    epoch bigint NOT NULL
);

-- Data that came with the program and were replaced by an import; the latest version of a kind is in force.
CREATE TABLE reference_data (
    kind text NOT NULL CHECK (kind IN ('regions', 'calendar')),
    version integer NOT NULL,
    body text NOT NULL,
    source text NOT NULL,
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (kind, version)
);

-- The demo world: one row, there as soon as the world is being made, so that only one instance makes it.
CREATE TABLE demo_world (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    -- Business time at which it began; every date of the world is relative to it.
    begun_at timestamptz NOT NULL,
    filled_at timestamptz
);

-- Pool-owned tables: the pool comes first in every key, so that they can be spread by it.

-- A filing in the making; becomes a case when it is submitted.
CREATE TABLE draft (
    pool text NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    item text NOT NULL,
    form_version integer NOT NULL,
    answers bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE INDEX draft_by_account ON draft (account_id, updated_at);
CREATE INDEX draft_by_expiry ON draft (expires_at);

CREATE TABLE cases (
    pool text NOT NULL,
    id uuid NOT NULL,
    receipt_no text NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    item text NOT NULL,
    form_version integer NOT NULL,
    answers bytea NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    -- Copied, so that a list needs no join; the registry may change later.
    person_name text NOT NULL,
    filed_by uuid NOT NULL REFERENCES account (id),
    channel text NOT NULL,
    urgency text NOT NULL,
    filed_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('awaiting_parcel', 'submitted', 'in_review', 'supplement_requested', 'awaiting_agency', 'awaiting_institution', 'second_review', 'fulfilling', 'closed', 'refused', 'not_accepted', 'withdrawn', 'lapsed')),
    stage text,
    version integer NOT NULL,
    holder uuid REFERENCES account (id),
    first_reviewer uuid REFERENCES account (id),
    proposed text,
    sampled boolean NOT NULL,
    supplements integer NOT NULL,
    front boolean NOT NULL,
    queue_rank smallint NOT NULL,
    -- Working days (CLK-1), as JSON.
    limits text NOT NULL,
    answered boolean NOT NULL,
    -- Run, pause or stop, as JSON; due_at is its index.
    clock text NOT NULL,
    due_at timestamptz,
    breached_at timestamptz,
    escalated boolean NOT NULL,
    decision text,
    closed_at timestamptz,
    -- Since when it is somebody's turn: the last change of state.
    turn_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, receipt_no),
    CHECK (state <> 'in_review' OR holder IS NOT NULL OR escalated)
);
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
    pool text NOT NULL,
    case_id uuid NOT NULL,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    actor uuid,
    role text,
    action text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    change text NOT NULL,
    -- Free words, sealed with the key of the case.
    words bytea,
    hash_version smallint NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (pool, case_id, number),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);

-- Destroying the row makes the words of the case's events unreadable; the chain still verifies.
CREATE TABLE case_key (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);

-- What lists and reports search.
CREATE TABLE case_fact (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (pool, case_id, name),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE INDEX case_fact_by_value ON case_fact (pool, name, value, case_id);

-- Uploaded papers; they may hang on a draft, so there is no foreign key to the case.
CREATE TABLE material (
    pool text NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    name text NOT NULL,
    file_key text NOT NULL,
    file_name bytea NOT NULL,
    content_type text NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    -- Version of the consent text agreed to, for health data (CAS-13).
    consent text,
    uploaded_by uuid NOT NULL REFERENCES account (id),
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE INDEX material_by_case ON material (pool, case_id, id);

-- Materials promised for later (CAS-4).
CREATE TABLE obligation (
    pool text NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    material text NOT NULL,
    due_on date NOT NULL,
    met_at timestamptz,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE INDEX obligation_by_case ON obligation (pool, case_id);

-- Time-driven work, written in the transaction that causes it.
CREATE TABLE timer (
    pool text NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    term integer NOT NULL,
    kind text NOT NULL,
    fire_at timestamptz NOT NULL,
    fired_at timestamptz,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, case_id, term, kind),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE INDEX timer_due ON timer (fire_at, id) WHERE fired_at IS NULL;

-- Messages to be sent, written in the transaction that causes them.
CREATE TABLE outbox (
    pool text NOT NULL,
    id uuid NOT NULL,
    case_id uuid,
    event_number integer,
    account_id uuid NOT NULL REFERENCES account (id),
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    address bytea NOT NULL,
    notice text NOT NULL,
    locale text NOT NULL,
    particulars text NOT NULL,
    created_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts integer NOT NULL,
    next_at timestamptz NOT NULL,
    sent_at timestamptz,
    last_error text,
    PRIMARY KEY (pool, id)
);
CREATE INDEX outbox_waiting ON outbox (next_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_sent ON outbox (sent_at, id) WHERE state = 'sent';
CREATE INDEX outbox_dead ON outbox (created_at, id) WHERE state = 'dead';

-- The in-portal inbox.
CREATE TABLE inbox (
    pool text NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    case_id uuid,
    receipt_no text,
    event_number integer,
    notice text NOT NULL,
    particulars text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (pool, id)
);
CREATE INDEX inbox_by_account ON inbox (account_id, id);
CREATE INDEX inbox_unread ON inbox (account_id) WHERE read_at IS NULL;

-- One submission token, one case.
CREATE TABLE submission (
    account_id uuid NOT NULL REFERENCES account (id),
    token text NOT NULL,
    body_hash bytea NOT NULL,
    pool text NOT NULL,
    case_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, token)
);
CREATE INDEX submission_by_age ON submission (created_at);

-- Cross-region registrations (XR-1), records apart from their cases.
CREATE TABLE registration (
    pool text NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    kind text NOT NULL,
    destination text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    state text NOT NULL CHECK (state IN ('pending', 'active', 'ended', 'cancelled', 'recorded')),
    -- The registration this one takes the place of when it is approved.
    replaces uuid,
    -- The open case that changes or cancels this one.
    claimed_by uuid,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
CREATE INDEX registration_by_person ON registration (person_id, starts_on, id);
CREATE INDEX registration_by_case ON registration (pool, case_id);

-- Rules that look at other rows take one of these and raise its version in the same transaction.
CREATE TABLE guard (
    pool text NOT NULL,
    kind text NOT NULL,
    subject uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (pool, kind, subject)
);

-- Receipt numbers are handed out in blocks, so that filings do not queue for one counter.
CREATE TABLE receipt_block (
    pool text NOT NULL,
    agency text NOT NULL,
    day date NOT NULL,
    next_number integer NOT NULL,
    PRIMARY KEY (pool, agency, day)
);

-- What one person asked for and another confirms.
CREATE TABLE approval (
    pool text NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    case_version integer NOT NULL,
    action text NOT NULL,
    asked_by uuid NOT NULL REFERENCES account (id),
    asked_at timestamptz NOT NULL,
    command bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'confirmed', 'declined')),
    answered_by uuid REFERENCES account (id),
    answered_at timestamptz,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (answered_by IS NULL OR answered_by <> asked_by)
);
CREATE INDEX approval_waiting ON approval (pool, case_id) WHERE state = 'waiting';

-- Who saw which sensitive data, and why (CAS-13).
CREATE TABLE sensitive_read (
    pool text NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    person_id uuid NOT NULL REFERENCES person (id),
    case_id uuid,
    what text NOT NULL,
    reason bytea NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE INDEX sensitive_read_by_person ON sensitive_read (person_id, id);

CREATE FUNCTION case_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER case_event_no_change BEFORE UPDATE OR DELETE ON case_event
    FOR EACH ROW EXECUTE FUNCTION case_event_is_append_only();
CREATE TRIGGER case_event_no_truncate BEFORE TRUNCATE ON case_event
    FOR EACH STATEMENT EXECUTE FUNCTION case_event_is_append_only();
