-- Orders that go to the bank together (RB-6). Counts and sums are of the file that was made of them.
CREATE TABLE payment_batch (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    -- From 1 in the pool.
    number INTEGER NOT NULL CHECK (number > 0),
    state TEXT NOT NULL CHECK (state IN ('open', 'sent', 'done')),
    count INTEGER NOT NULL CHECK (count > 0),
    -- Orders without a result of the bank.
    waiting INTEGER NOT NULL CHECK (waiting BETWEEN 0 AND count),
    sum INTEGER NOT NULL CHECK (sum > 0),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    made_by BLOB NOT NULL CHECK (length(made_by) = 16),
    made_at INTEGER NOT NULL,
    sent_by BLOB CHECK (length(sent_by) = 16),
    sent_at INTEGER,
    done_at INTEGER,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, number)
) STRICT;

-- What is to be paid to one person for one case, attempt by attempt; and what was paid too much. Amounts are fen. The account
-- is sealed and never changes: another account is another attempt.
CREATE TABLE payment_order (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    -- The settlement it comes from.
    settlement INTEGER NOT NULL CHECK (settlement > 0),
    -- What that leaves to the person in all, fen.
    payable INTEGER NOT NULL CHECK (payable >= 0),
    -- From 1 in the case.
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    amount INTEGER NOT NULL CHECK (amount > 0),
    account BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ordered', 'batched', 'paid', 'failed', 'returned', 'cancelled', 'to-recover', 'recovered')),
    batch_id BLOB CHECK (length(batch_id) = 16),
    ordered_at INTEGER NOT NULL,
    -- The bank's day of payment.
    paid_on TEXT,
    -- When its present state began.
    changed_at INTEGER NOT NULL,
    -- What the bank said of a failure or a return; sealed.
    failure BLOB,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, case_id, attempt),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    FOREIGN KEY (pool, batch_id) REFERENCES payment_batch (pool, id),
    CHECK ((state IN ('batched', 'paid', 'failed', 'returned')) = (batch_id IS NOT NULL)),
    CHECK (state NOT IN ('paid', 'returned') OR paid_on IS NOT NULL)
) STRICT;
-- Nobody is paid twice: one order of a case is on its way at a time.
CREATE UNIQUE INDEX payment_order_live ON payment_order (pool, case_id) WHERE state IN ('ordered', 'batched');
CREATE INDEX payment_order_waiting ON payment_order (pool, ordered_at, id) WHERE state = 'ordered';
CREATE INDEX payment_order_to_recover ON payment_order (pool, ordered_at, id) WHERE state = 'to-recover';
CREATE INDEX payment_order_of_batch ON payment_order (pool, batch_id, id) WHERE batch_id IS NOT NULL;

-- What was done to an order and by whom: added, never changed.
CREATE TABLE payment_event (
    pool TEXT NOT NULL,
    order_id BLOB NOT NULL CHECK (length(order_id) = 16),
    number INTEGER NOT NULL CHECK (number > 0),
    at INTEGER NOT NULL,
    by_account BLOB CHECK (length(by_account) = 16),
    state TEXT NOT NULL CHECK (state IN ('ordered', 'batched', 'paid', 'failed', 'returned', 'cancelled', 'to-recover', 'recovered')),
    -- Sealed.
    reason BLOB,
    PRIMARY KEY (pool, order_id, number),
    FOREIGN KEY (pool, order_id) REFERENCES payment_order (pool, id)
) STRICT;
CREATE TRIGGER payment_event_no_update BEFORE UPDATE ON payment_event
BEGIN SELECT RAISE(ABORT, 'the history of payments is append-only'); END;
CREATE TRIGGER payment_event_no_delete BEFORE DELETE ON payment_event
BEGIN SELECT RAISE(ABORT, 'the history of payments is append-only'); END;

-- A claim to a treasury for a period (SET-8).
CREATE TABLE treasury_claim (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    payer TEXT NOT NULL CHECK (payer IN ('centre', 'province', 'city', 'county', 'unallocated')),
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    made_by BLOB NOT NULL CHECK (length(made_by) = 16),
    made_at INTEGER NOT NULL,
    paid_on TEXT,
    paid_by BLOB CHECK (length(paid_by) = 16),
    PRIMARY KEY (pool, id),
    CHECK (to_day >= from_day),
    CHECK ((paid_on IS NULL) = (paid_by IS NULL))
) STRICT;

-- Who bears the subsidy of a settlement (SET-8); fen. A corrected settlement books the difference to what its case had before,
-- so that the sum of a case is always that of its last settlement.
CREATE TABLE fiscal_share (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    settlement INTEGER NOT NULL CHECK (settlement > 0),
    payer TEXT NOT NULL CHECK (payer IN ('centre', 'province', 'city', 'county', 'unallocated')),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    -- Which treasury advances it; the payer owes it to that one.
    advanced_by TEXT NOT NULL CHECK (advanced_by IN ('city', 'county')),
    booked_on TEXT NOT NULL,
    -- The claim in which it was asked for.
    claim_id BLOB CHECK (length(claim_id) = 16),
    PRIMARY KEY (pool, case_id, settlement, payer),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    FOREIGN KEY (pool, claim_id) REFERENCES treasury_claim (pool, id)
) STRICT;
CREATE INDEX fiscal_share_by_day ON fiscal_share (pool, booked_on, case_id);
CREATE INDEX fiscal_share_unclaimed ON fiscal_share (pool, payer, booked_on) WHERE claim_id IS NULL;
CREATE INDEX fiscal_share_by_claim ON fiscal_share (pool, claim_id, booked_on) WHERE claim_id IS NOT NULL;

-- Money of a treasury that no settlement brought about: further grants (SET-8).
CREATE TABLE fiscal_grant (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    payer TEXT NOT NULL CHECK (payer IN ('centre', 'province', 'city', 'county', 'unallocated')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    granted_on TEXT NOT NULL,
    document TEXT NOT NULL,
    booked_by BLOB NOT NULL CHECK (length(booked_by) = 16),
    booked_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id)
) STRICT;
CREATE INDEX fiscal_grant_by_day ON fiscal_grant (pool, granted_on, id);
