-- Filings of an employer for many (XR-9): one file is one batch, its rows become cases of their own.
CREATE TABLE batch (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL REFERENCES agency (code),
    employer_id uuid NOT NULL REFERENCES employer (id),
    filed_by uuid NOT NULL REFERENCES account (id),
    -- How they had signed in (CAS-14).
    identified text NOT NULL,
    item text NOT NULL,
    -- A full list, or a list under pledge that is completed afterwards.
    kind text NOT NULL CHECK (kind IN ('list', 'pledge')),
    file_key text NOT NULL,
    file_name bytea NOT NULL,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done')),
    -- Rows of the file; number of the last one that has its result; results.
    total integer NOT NULL,
    reached integer NOT NULL,
    filed integer NOT NULL,
    rejected integer NOT NULL,
    duplicates integer NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    -- When no case of it waited any more; a batch without it stands on the desk's list.
    settled_at timestamptz,
    PRIMARY KEY (pool, id)
);
CREATE INDEX batch_by_employer ON batch (pool, employer_id, created_at, id);
CREATE INDEX batch_by_agency ON batch (pool, agency, created_at, id);
CREATE INDEX batch_open ON batch (pool, agency, created_at, id) WHERE settled_at IS NULL;
CREATE INDEX batch_by_file ON batch (file_key);
CREATE INDEX batch_running ON batch (created_at, id) WHERE state = 'running';

-- The result of a row; numbers are those of the spreadsheet, the heading is row 1.
CREATE TABLE batch_row (
    pool text NOT NULL,
    batch_id uuid NOT NULL,
    number integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('filed', 'rejected', 'duplicate')),
    -- Of a row that came back: the column, and why; values for the words as JSON.
    column_name text,
    code text,
    particulars text,
    -- Of a row that was filed, or that repeats one.
    case_id uuid,
    receipt_no text,
    PRIMARY KEY (pool, batch_id, number),
    FOREIGN KEY (pool, batch_id) REFERENCES batch (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE INDEX batch_row_by_outcome ON batch_row (pool, batch_id, outcome, number);
CREATE INDEX batch_row_by_case ON batch_row (pool, case_id) WHERE case_id IS NOT NULL AND outcome = 'filed';

-- What is done to all cases of a batch at once: withdrawn by the employer, decided by a handler.
CREATE TABLE batch_task (
    pool text NOT NULL,
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('withdraw', 'approve', 'refuse')),
    -- The command as JSON, sealed: reasons and causes may name people.
    command bytea NOT NULL,
    asked_by uuid NOT NULL REFERENCES account (id),
    asked_at timestamptz NOT NULL,
    reached integer NOT NULL,
    done integer NOT NULL,
    failed integer NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, batch_id) REFERENCES batch (pool, id)
);
CREATE INDEX batch_task_by_batch ON batch_task (pool, batch_id, asked_at, id);
-- One task at a time.
CREATE UNIQUE INDEX batch_task_running ON batch_task (pool, batch_id) WHERE finished_at IS NULL;

CREATE TABLE batch_task_row (
    pool text NOT NULL,
    task_id uuid NOT NULL,
    number integer NOT NULL,
    -- `done`, or why not.
    outcome text NOT NULL,
    receipt_no text NOT NULL,
    PRIMARY KEY (pool, task_id, number),
    FOREIGN KEY (pool, task_id) REFERENCES batch_task (pool, id)
);
