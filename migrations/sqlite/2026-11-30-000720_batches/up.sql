-- Filings of an employer for many (XR-9): one file is one batch, its rows become cases of their own.
CREATE TABLE batch (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL REFERENCES agency (code),
    employer_id BLOB NOT NULL CHECK (length(employer_id) = 16) REFERENCES employer (id),
    filed_by BLOB NOT NULL CHECK (length(filed_by) = 16) REFERENCES account (id),
    -- How they had signed in (CAS-14).
    identified TEXT NOT NULL,
    item TEXT NOT NULL,
    -- A full list, or a list under pledge that is completed afterwards.
    kind TEXT NOT NULL CHECK (kind IN ('list', 'pledge')),
    file_key TEXT NOT NULL,
    file_name BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    -- Rows of the file; number of the last one that has its result; results.
    total INTEGER NOT NULL,
    reached INTEGER NOT NULL,
    filed INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    -- When no case of it waited any more; a batch without it stands on the desk's list.
    settled_at INTEGER,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX batch_by_employer ON batch (pool, employer_id, created_at, id);
CREATE INDEX batch_by_agency ON batch (pool, agency, created_at, id);
CREATE INDEX batch_open ON batch (pool, agency, created_at, id) WHERE settled_at IS NULL;
CREATE INDEX batch_by_file ON batch (file_key);
CREATE INDEX batch_running ON batch (created_at, id) WHERE state = 'running';

-- The result of a row; numbers are those of the spreadsheet, the heading is row 1.
CREATE TABLE batch_row (
    pool TEXT NOT NULL,
    batch_id BLOB NOT NULL CHECK (length(batch_id) = 16),
    number INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('filed', 'rejected', 'duplicate')),
    -- Of a row that came back: the column, and why; values for the words as JSON.
    column_name TEXT,
    code TEXT,
    particulars TEXT CHECK (json_valid(particulars)),
    -- Of a row that was filed, or that repeats one.
    case_id BLOB CHECK (length(case_id) = 16),
    receipt_no TEXT,
    PRIMARY KEY (pool, batch_id, number),
    FOREIGN KEY (pool, batch_id) REFERENCES batch (pool, id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE INDEX batch_row_by_outcome ON batch_row (pool, batch_id, outcome, number);
CREATE INDEX batch_row_by_case ON batch_row (pool, case_id) WHERE case_id IS NOT NULL AND outcome = 'filed';

-- What is done to all cases of a batch at once: withdrawn by the employer, decided by a handler.
CREATE TABLE batch_task (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    batch_id BLOB NOT NULL CHECK (length(batch_id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('withdraw', 'approve', 'refuse')),
    -- The command as JSON, sealed: reasons and causes may name people.
    command BLOB NOT NULL,
    asked_by BLOB NOT NULL CHECK (length(asked_by) = 16) REFERENCES account (id),
    asked_at INTEGER NOT NULL,
    reached INTEGER NOT NULL,
    done INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, batch_id) REFERENCES batch (pool, id)
) STRICT;
CREATE INDEX batch_task_by_batch ON batch_task (pool, batch_id, asked_at, id);
-- One task at a time.
CREATE UNIQUE INDEX batch_task_running ON batch_task (pool, batch_id) WHERE finished_at IS NULL;

CREATE TABLE batch_task_row (
    pool TEXT NOT NULL,
    task_id BLOB NOT NULL CHECK (length(task_id) = 16),
    number INTEGER NOT NULL,
    -- `done`, or why not.
    outcome TEXT NOT NULL,
    receipt_no TEXT NOT NULL,
    PRIMARY KEY (pool, task_id, number),
    FOREIGN KEY (pool, task_id) REFERENCES batch_task (pool, id)
) STRICT;
