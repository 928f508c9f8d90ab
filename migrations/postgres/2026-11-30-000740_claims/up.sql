-- A claim for reimbursement as it was filed (RB-5): rule inputs in columns. Diagnoses and account are sealed.
CREATE TABLE claim (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    care text NOT NULL CHECK (care IN ('inpatient', 'outpatient', 'emergency', 'internet')),
    -- The institution of the registry; none for one that it does not know.
    institution_id uuid REFERENCES institution (id),
    institution_name text NOT NULL,
    -- 0 not graded, 1, 2, 3.
    level integer NOT NULL CHECK (level BETWEEN 0 AND 3),
    region text NOT NULL,
    managed_by text NOT NULL CHECK (managed_by IN ('city', 'county', 'province')),
    designated boolean NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    diagnoses bytea NOT NULL,
    covid text NOT NULL CHECK (covid IN ('confirmed', 'suspected', 'none')),
    account bytea NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (to_day >= from_day)
);

-- Its invoices. Amounts are fen.
CREATE TABLE claim_invoice (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    place integer NOT NULL,
    number text NOT NULL,
    issued_on date NOT NULL,
    total bigint NOT NULL CHECK (total > 0),
    PRIMARY KEY (pool, case_id, place),
    FOREIGN KEY (pool, case_id) REFERENCES claim (pool, case_id)
);

-- Its costs, line by line, as asked for. Amounts are fen, shares basis points.
CREATE TABLE claim_line (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    number integer NOT NULL,
    day date NOT NULL,
    name text NOT NULL,
    code text,
    class text CHECK (class IN ('A', 'B', 'outside')),
    own_share integer CHECK (own_share BETWEEN 0 AND 10000),
    protocol boolean NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (pool, case_id, number),
    FOREIGN KEY (pool, case_id) REFERENCES claim (pool, case_id)
);

-- Which case an invoice is claimed in (RB-5): global, because no invoice is paid twice in whatever pool it comes. Found by the
-- blind index of its number; gone when the case ends without a payment.
CREATE TABLE invoice (
    number_hash bytea NOT NULL PRIMARY KEY,
    pool text NOT NULL,
    case_id uuid NOT NULL,
    held_at timestamptz NOT NULL
);
CREATE INDEX invoice_by_case ON invoice (pool, case_id);
