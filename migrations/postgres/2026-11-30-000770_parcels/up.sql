-- Parcels as the mailroom registered them (RB-1). Sender and contents are sealed.
CREATE TABLE parcel (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    courier text NOT NULL,
    -- Capitals and digits, as they are compared.
    tracking text NOT NULL,
    -- By the postmark; none where it can't be read.
    posted_on date,
    -- From this instant the clock runs, however late the parcel was registered (CLK-4).
    delivered_at timestamptz NOT NULL,
    sender bytea NOT NULL,
    -- Of one that came without a form: for whom it is, where they are known, and what it holds.
    person_id uuid REFERENCES person (id),
    contents bytea NOT NULL,
    -- Sheets of originals that are to go back.
    originals integer NOT NULL DEFAULT 0 CHECK (originals >= 0),
    registered_by uuid NOT NULL REFERENCES account (id),
    registered_at timestamptz NOT NULL,
    -- When nothing was left to do with it.
    closed_at timestamptz,
    PRIMARY KEY (pool, id),
    -- Nobody registers a parcel twice.
    UNIQUE (pool, courier, tracking),
    CHECK (delivered_at <= registered_at)
);
CREATE INDEX parcel_open ON parcel (pool, agency, id) WHERE closed_at IS NULL;
CREATE INDEX parcel_by_agency ON parcel (pool, agency, id);
CREATE INDEX parcel_by_tracking ON parcel (pool, tracking);

-- The cases a parcel is for: several in one, several for one.
CREATE TABLE parcel_case (
    pool text NOT NULL,
    parcel_id uuid NOT NULL,
    case_id uuid NOT NULL,
    -- Whether the case was filed from the parcel, which came without a form.
    taken_in boolean NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (pool, parcel_id, case_id),
    FOREIGN KEY (pool, parcel_id) REFERENCES parcel (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE INDEX parcel_case_by_case ON parcel_case (pool, case_id);

-- What of a case's materials was found in a parcel, as it was checked last.
CREATE TABLE parcel_paper (
    pool text NOT NULL,
    parcel_id uuid NOT NULL,
    case_id uuid NOT NULL,
    material text NOT NULL,
    found text NOT NULL CHECK (found IN ('original', 'copy', 'missing', 'unreadable')),
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (pool, parcel_id, case_id, material),
    FOREIGN KEY (pool, parcel_id, case_id) REFERENCES parcel_case (pool, parcel_id, case_id)
);

-- What an applicant entered of a parcel that is on its way.
CREATE TABLE mailing (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    courier text NOT NULL,
    tracking text NOT NULL,
    entered_by uuid NOT NULL REFERENCES account (id),
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (pool, case_id, courier, tracking),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE INDEX mailing_by_tracking ON mailing (pool, tracking);

-- Originals that were sent back.
CREATE TABLE parcel_return (
    pool text NOT NULL,
    parcel_id uuid NOT NULL,
    courier text NOT NULL,
    tracking text NOT NULL,
    sheets integer NOT NULL CHECK (sheets > 0),
    sent_on date NOT NULL,
    entered_by uuid NOT NULL REFERENCES account (id),
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (pool, parcel_id, courier, tracking),
    FOREIGN KEY (pool, parcel_id) REFERENCES parcel (pool, id)
);

-- Photographs of a parcel: of what came, before it belongs to a case, and of what went back.
CREATE TABLE parcel_photo (
    pool text NOT NULL,
    id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    shows text NOT NULL CHECK (shows IN ('arrival', 'return')),
    file_key text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    uploaded_by uuid NOT NULL REFERENCES account (id),
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, parcel_id) REFERENCES parcel (pool, id)
);
CREATE INDEX parcel_photo_by_parcel ON parcel_photo (pool, parcel_id);
CREATE INDEX parcel_photo_by_key ON parcel_photo (file_key);
