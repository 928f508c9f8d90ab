-- Orders that go to the bank together (RB-6). Counts and sums are of the file that was made of them.
CREATE TABLE payment_batch (
    pool text NOT NULL,
    id uuid NOT NULL,
    -- From 1 in the pool.
    number integer NOT NULL CHECK (number > 0),
    state text NOT NULL CHECK (state IN ('open', 'sent', 'done')),
    count integer NOT NULL CHECK (count > 0),
    -- Orders without a result of the bank.
    waiting integer NOT NULL CHECK (waiting BETWEEN 0 AND count),
    sum bigint NOT NULL CHECK (sum > 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    sent_by uuid,
    sent_at timestamptz,
    done_at timestamptz,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, number)
);

-- What is to be paid to one person for one case, attempt by attempt; and what was paid too much. Amounts are fen. The account
-- is sealed and never changes: another account is another attempt.
CREATE TABLE payment_order (
    pool text NOT NULL,
    id uuid NOT NULL,
    agency text NOT NULL,
    case_id uuid NOT NULL,
    -- The settlement it comes from.
    settlement integer NOT NULL CHECK (settlement > 0),
    -- What that leaves to the person in all, fen.
    payable bigint NOT NULL CHECK (payable >= 0),
    -- From 1 in the case.
    attempt integer NOT NULL CHECK (attempt > 0),
    amount bigint NOT NULL CHECK (amount > 0),
    account bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('ordered', 'batched', 'paid', 'failed', 'returned', 'cancelled', 'to-recover', 'recovered')),
    batch_id uuid,
    ordered_at timestamptz NOT NULL,
    -- The bank's day of payment.
    paid_on date,
    -- When its present state began.
    changed_at timestamptz NOT NULL,
    -- What the bank said of a failure or a return; sealed.
    failure bytea,
    PRIMARY KEY (pool, id),
    UNIQUE (pool, case_id, attempt),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    FOREIGN KEY (pool, batch_id) REFERENCES payment_batch (pool, id),
    CHECK ((state IN ('batched', 'paid', 'failed', 'returned')) = (batch_id IS NOT NULL)),
    CHECK (state NOT IN ('paid', 'returned') OR paid_on IS NOT NULL)
);
-- Nobody is paid twice: one order of a case is on its way at a time.
CREATE UNIQUE INDEX payment_order_live ON payment_order (pool, case_id) WHERE state IN ('ordered', 'batched');
CREATE INDEX payment_order_waiting ON payment_order (pool, ordered_at, id) WHERE state = 'ordered';
CREATE INDEX payment_order_to_recover ON payment_order (pool, ordered_at, id) WHERE state = 'to-recover';
CREATE INDEX payment_order_of_batch ON payment_order (pool, batch_id, id) WHERE batch_id IS NOT NULL;

-- What was done to an order and by whom: added, never changed.
CREATE TABLE payment_event (
    pool text NOT NULL,
    order_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    at timestamptz NOT NULL,
    by_account uuid,
    state text NOT NULL CHECK (state IN ('ordered', 'batched', 'paid', 'failed', 'returned', 'cancelled', 'to-recover', 'recovered')),
    -- Sealed.
    reason bytea,
    PRIMARY KEY (pool, order_id, number),
    FOREIGN KEY (pool, order_id) REFERENCES payment_order (pool, id)
);
CREATE FUNCTION payment_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of payments is append-only';
END
$$;
CREATE TRIGGER payment_event_no_change BEFORE UPDATE OR DELETE ON payment_event
    FOR EACH ROW EXECUTE FUNCTION payment_events_are_append_only();
CREATE TRIGGER payment_event_no_truncate BEFORE TRUNCATE ON payment_event
    FOR EACH STATEMENT EXECUTE FUNCTION payment_events_are_append_only();

-- A claim to a treasury for a period (SET-8).
CREATE TABLE treasury_claim (
    pool text NOT NULL,
    id uuid NOT NULL,
    payer text NOT NULL CHECK (payer IN ('centre', 'province', 'city', 'county', 'unallocated')),
    from_day date NOT NULL,
    to_day date NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    paid_on date,
    paid_by uuid,
    PRIMARY KEY (pool, id),
    CHECK (to_day >= from_day),
    CHECK ((paid_on IS NULL) = (paid_by IS NULL))
);

-- Who bears the subsidy of a settlement (SET-8); fen. A corrected settlement books the difference to what its case had before,
-- so that the sum of a case is always that of its last settlement.
CREATE TABLE fiscal_share (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    settlement integer NOT NULL CHECK (settlement > 0),
    payer text NOT NULL CHECK (payer IN ('centre', 'province', 'city', 'county', 'unallocated')),
    amount bigint NOT NULL CHECK (amount <> 0),
    -- Which treasury advances it; the payer owes it to that one.
    advanced_by text NOT NULL CHECK (advanced_by IN ('city', 'county')),
    booked_on date NOT NULL,
    -- The claim in which it was asked for.
    claim_id uuid,
    PRIMARY KEY (pool, case_id, settlement, payer),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    FOREIGN KEY (pool, claim_id) REFERENCES treasury_claim (pool, id)
);
CREATE INDEX fiscal_share_by_day ON fiscal_share (pool, booked_on, case_id);
CREATE INDEX fiscal_share_unclaimed ON fiscal_share (pool, payer, booked_on) WHERE claim_id IS NULL;
CREATE INDEX fiscal_share_by_claim ON fiscal_share (pool, claim_id, booked_on) WHERE claim_id IS NOT NULL;

-- Money of a treasury that no settlement brought about: further grants (SET-8).
CREATE TABLE fiscal_grant (
    pool text NOT NULL,
    id uuid NOT NULL,
    payer text NOT NULL CHECK (payer IN ('centre', 'province', 'city', 'county', 'unallocated')),
    amount bigint NOT NULL CHECK (amount > 0),
    granted_on date NOT NULL,
    document text NOT NULL,
    booked_by uuid NOT NULL,
    booked_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE INDEX fiscal_grant_by_day ON fiscal_grant (pool, granted_on, id);
