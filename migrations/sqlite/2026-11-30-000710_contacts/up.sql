-- Contacts between agencies (XR-4, XR-5): one row on each side that works with this service, joined by the message's
-- identifier. A message that goes through a provincial centre is two legs of one thread.
CREATE TABLE contact (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    side TEXT NOT NULL CHECK (side IN ('sent', 'received')),
    -- The agency of this side.
    agency TEXT NOT NULL REFERENCES agency (code),
    -- Codes of both sides; one of them may be outside this system.
    sender TEXT NOT NULL,
    receiver TEXT NOT NULL,
    -- The first leg's identifier.
    thread BLOB NOT NULL CHECK (length(thread) = 16),
    leg INTEGER NOT NULL,
    -- Where the thread begins and is to arrive.
    origin TEXT NOT NULL,
    target TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- What it is about: a case, an entry of the patient ledger, or both.
    case_pool TEXT,
    case_id BLOB CHECK (length(case_id) = 16),
    receipt_no TEXT,
    patient_pool TEXT,
    patient_id BLOB CHECK (length(patient_id) = 16),
    -- Who that is in the registry, if it knows them.
    person_id BLOB CHECK (length(person_id) = 16) REFERENCES person (id),
    -- Sealed: name and ID number of whom it concerns, and the message.
    subject BLOB NOT NULL,
    message BLOB NOT NULL,
    sent_by BLOB CHECK (length(sent_by) = 16) REFERENCES account (id),
    sent_at INTEGER NOT NULL,
    -- The receiver's clock: run of the clock as JSON, its due time as index while it waits.
    term TEXT NOT NULL CHECK (json_valid(term)),
    due_at INTEGER,
    breached_at INTEGER,
    -- When the service looks at it next, to warn or to mark silence; on the side that answers only.
    alarm_at INTEGER,
    -- How the receiver is reached: by this service, or by phone or letter by the sender's hand.
    reached_by TEXT NOT NULL CHECK (reached_by IN ('service', 'outside')),
    answer TEXT CHECK (answer IN ('done', 'cannot', 'not-needed')),
    -- Sealed: remark; and of an answer from outside who gave it, by which number or letter.
    remark BLOB,
    answered_who BLOB,
    answered_by BLOB CHECK (length(answered_by) = 16) REFERENCES account (id),
    answered_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (pool, id, side),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
) STRICT;
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
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    -- The first leg's identifier.
    thread BLOB NOT NULL CHECK (length(thread) = 16),
    file_key TEXT NOT NULL,
    file_name BLOB NOT NULL,
    content_type TEXT NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    uploaded_by BLOB NOT NULL CHECK (length(uploaded_by) = 16) REFERENCES account (id),
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX contact_file_by_thread ON contact_file (pool, thread);
CREATE INDEX contact_file_by_id ON contact_file (id, pool);
CREATE INDEX contact_file_by_key ON contact_file (file_key);
