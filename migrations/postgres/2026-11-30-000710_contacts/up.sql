-- Contacts between agencies (XR-4, XR-5): one row on each side that works with this service, joined by the message's
-- identifier. A message that goes through a provincial centre is two legs of one thread.
CREATE TABLE contact (
    pool text NOT NULL,
    id uuid NOT NULL,
    side text NOT NULL CHECK (side IN ('sent', 'received')),
    -- The agency of this side.
    agency text NOT NULL REFERENCES agency (code),
    -- Codes of both sides; one of them may be outside this system.
    sender text NOT NULL,
    receiver text NOT NULL,
    -- The first leg's identifier.
    thread uuid NOT NULL,
    leg integer NOT NULL,
    -- Where the thread begins and is to arrive.
    origin text NOT NULL,
    target text NOT NULL,
    purpose text NOT NULL,
    -- What it is about: a case, an entry of the patient ledger, or both.
    case_pool text,
    case_id uuid,
    receipt_no text,
    patient_pool text,
    patient_id uuid,
    -- Who that is in the registry, if it knows them.
    person_id uuid REFERENCES person (id),
    -- Sealed: name and ID number of whom it concerns, and the message.
    subject bytea NOT NULL,
    message bytea NOT NULL,
    sent_by uuid REFERENCES account (id),
    sent_at timestamptz NOT NULL,
    -- The receiver's clock: run of the clock as JSON, its due time as index while it waits.
    term text NOT NULL,
    due_at timestamptz,
    breached_at timestamptz,
    -- When the service looks at it next, to warn or to mark silence; on the side that answers only.
    alarm_at timestamptz,
    -- How the receiver is reached: by this service, or by phone or letter by the sender's hand.
    reached_by text NOT NULL CHECK (reached_by IN ('service', 'outside')),
    answer text CHECK (answer IN ('done', 'cannot', 'not-needed')),
    -- Sealed: remark; and of an answer from outside who gave it, by which number or letter.
    remark bytea,
    answered_who bytea,
    answered_by uuid REFERENCES account (id),
    answered_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (pool, id, side),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX contact_open ON contact (pool, agency, due_at, id) WHERE answer IS NULL;
CREATE INDEX contact_by_agency ON contact (pool, agency, sent_at, id);
CREATE INDEX contact_by_case ON contact (case_pool, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX contact_by_patient ON contact (patient_pool, patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX contact_alarm ON contact (alarm_at, id) WHERE alarm_at IS NOT NULL;
CREATE INDEX contact_open_by_pool ON contact (pool, due_at, id) WHERE answer IS NULL;
CREATE INDEX contact_by_pool ON contact (pool, sent_at, id);
CREATE INDEX contact_by_person ON contact (person_id, purpose) WHERE answer IS NULL AND person_id IS NOT NULL;
CREATE INDEX contact_by_thread ON contact (thread, leg);

-- Files that go along a thread; each pool that takes part has its own row, the file itself is stored once.
CREATE TABLE contact_file (
    pool text NOT NULL,
    id uuid NOT NULL,
    -- The first leg's identifier.
    thread uuid NOT NULL,
    file_key text NOT NULL,
    file_name bytea NOT NULL,
    content_type text NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    uploaded_by uuid NOT NULL REFERENCES account (id),
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE INDEX contact_file_by_thread ON contact_file (pool, thread);
CREATE INDEX contact_file_by_id ON contact_file (id, pool);
CREATE INDEX contact_file_by_key ON contact_file (file_key);
