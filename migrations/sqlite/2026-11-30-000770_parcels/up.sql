-- Parcels as the mailroom registered them (RB-1). Sender and contents are sealed.
CREATE TABLE parcel (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    courier TEXT NOT NULL,
    -- Capitals and digits, as they are compared.
    tracking TEXT NOT NULL,
    -- By the postmark; none where it can't be read.
    posted_on TEXT,
    -- From this instant the clock runs, however late the parcel was registered (CLK-4).
    delivered_at INTEGER NOT NULL,
    sender BLOB NOT NULL,
    -- Of one that came without a form: for whom it is, where they are known, and what it holds.
    person_id BLOB CHECK (length(person_id) = 16) REFERENCES person (id),
    contents BLOB NOT NULL,
    -- Sheets of originals that are to go back.
    originals INTEGER NOT NULL DEFAULT 0 CHECK (originals >= 0),
    registered_by BLOB NOT NULL CHECK (length(registered_by) = 16) REFERENCES account (id),
    registered_at INTEGER NOT NULL,
    -- When nothing was left to do with it.
    closed_at INTEGER,
    PRIMARY KEY (pool, id),
    -- Nobody registers a parcel twice.
    UNIQUE (pool, courier, tracking),
    CHECK (delivered_at <= registered_at)
) STRICT;
CREATE INDEX parcel_open ON parcel (pool, agency, id) WHERE closed_at IS NULL;
CREATE INDEX parcel_by_agency ON parcel (pool, agency, id);
CREATE INDEX parcel_by_tracking ON parcel (pool, tracking);

-- The cases a parcel is for: several in one, several for one.
CREATE TABLE parcel_case (
    pool TEXT NOT NULL,
    parcel_id BLOB NOT NULL CHECK (length(parcel_id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    -- Whether the case was filed from the parcel, which came without a form.
    taken_in INTEGER NOT NULL CHECK (taken_in IN (0, 1)),
    added_at INTEGER NOT NULL,
    PRIMARY KEY (pool, parcel_id, case_id),
    FOREIGN KEY (pool, parcel_id) REFERENCES parcel (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE INDEX parcel_case_by_case ON parcel_case (pool, case_id);

-- What of a case's materials was found in a parcel, as it was checked last.
CREATE TABLE parcel_paper (
    pool TEXT NOT NULL,
    parcel_id BLOB NOT NULL CHECK (length(parcel_id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    material TEXT NOT NULL,
    found TEXT NOT NULL CHECK (found IN ('original', 'copy', 'missing', 'unreadable')),
    checked_at INTEGER NOT NULL,
    PRIMARY KEY (pool, parcel_id, case_id, material),
    FOREIGN KEY (pool, parcel_id, case_id) REFERENCES parcel_case (pool, parcel_id, case_id)
) STRICT;

-- What an applicant entered of a parcel that is on its way.
CREATE TABLE mailing (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    courier TEXT NOT NULL,
    tracking TEXT NOT NULL,
    entered_by BLOB NOT NULL CHECK (length(entered_by) = 16) REFERENCES account (id),
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (pool, case_id, courier, tracking),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE INDEX mailing_by_tracking ON mailing (pool, tracking);

-- Originals that were sent back.
CREATE TABLE parcel_return (
    pool TEXT NOT NULL,
    parcel_id BLOB NOT NULL CHECK (length(parcel_id) = 16),
    courier TEXT NOT NULL,
    tracking TEXT NOT NULL,
    sheets INTEGER NOT NULL CHECK (sheets > 0),
    sent_on TEXT NOT NULL,
    entered_by BLOB NOT NULL CHECK (length(entered_by) = 16) REFERENCES account (id),
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (pool, parcel_id, courier, tracking),
    FOREIGN KEY (pool, parcel_id) REFERENCES parcel (pool, id)
) STRICT;

-- Photographs of a parcel: of what came, before it belongs to a case, and of what went back.
CREATE TABLE parcel_photo (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    parcel_id BLOB NOT NULL CHECK (length(parcel_id) = 16),
    shows TEXT NOT NULL CHECK (shows IN ('arrival', 'return')),
    file_key TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    uploaded_by BLOB NOT NULL CHECK (length(uploaded_by) = 16) REFERENCES account (id),
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, parcel_id) REFERENCES parcel (pool, id)
) STRICT;
CREATE INDEX parcel_photo_by_parcel ON parcel_photo (pool, parcel_id);
CREATE INDEX parcel_photo_by_key ON parcel_photo (file_key);
