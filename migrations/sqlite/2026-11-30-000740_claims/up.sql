-- A claim for reimbursement as it was filed (RB-5): rule inputs in columns. Diagnoses and account are sealed.
CREATE TABLE claim (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    care TEXT NOT NULL CHECK (care IN ('inpatient', 'outpatient', 'emergency', 'internet')),
    -- The institution of the registry; none for one that it does not know.
    institution_id BLOB CHECK (length(institution_id) = 16) REFERENCES institution (id),
    institution_name TEXT NOT NULL,
    -- 0 not graded, 1, 2, 3.
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
    region TEXT NOT NULL,
    managed_by TEXT NOT NULL CHECK (managed_by IN ('city', 'county', 'province')),
    designated INTEGER NOT NULL CHECK (designated IN (0, 1)),
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    diagnoses BLOB NOT NULL,
    covid TEXT NOT NULL CHECK (covid IN ('confirmed', 'suspected', 'none')),
    account BLOB NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (to_day >= from_day)
) STRICT;

-- Its invoices. Amounts are fen.
CREATE TABLE claim_invoice (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    place INTEGER NOT NULL,
    number TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    total INTEGER NOT NULL CHECK (total > 0),
    PRIMARY KEY (pool, case_id, place),
    FOREIGN KEY (pool, case_id) REFERENCES claim (pool, case_id)
) STRICT;

-- Its costs, line by line, as asked for. Amounts are fen, shares basis points.
CREATE TABLE claim_line (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    number INTEGER NOT NULL,
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT,
    class TEXT CHECK (class IN ('A', 'B', 'outside')),
    own_share INTEGER CHECK (own_share BETWEEN 0 AND 10000),
    protocol INTEGER NOT NULL CHECK (protocol IN (0, 1)),
    amount INTEGER NOT NULL CHECK (amount > 0),
    PRIMARY KEY (pool, case_id, number),
    FOREIGN KEY (pool, case_id) REFERENCES claim (pool, case_id)
) STRICT;

-- Which case an invoice is claimed in (RB-5): global, because no invoice is paid twice in whatever pool it comes. Found by the
-- blind index of its number; gone when the case ends without a payment.
CREATE TABLE invoice (
    number_hash BLOB NOT NULL PRIMARY KEY,
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    held_at INTEGER NOT NULL
) STRICT;
CREATE INDEX invoice_by_case ON invoice (pool, case_id);
