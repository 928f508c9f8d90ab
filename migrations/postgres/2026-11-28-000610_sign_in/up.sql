-- How somebody signs in: the second factor of staff, what is remembered between password and code, and how and with
-- what a session began. All times are of the machine's own clock.

-- Since when the account asks for a second factor.
ALTER TABLE account ADD COLUMN second_factor_at timestamptz;
-- Browser and system in two words, never what the browser said in full.
ALTER TABLE session ADD COLUMN device text;
ALTER TABLE session ADD COLUMN identified text NOT NULL DEFAULT 'password' CHECK (identified IN ('password', 'platform'));

-- The secret that a phone and the service share (RFC 6238), sealed; there before it counts (account.second_factor_at).
CREATE TABLE second_factor (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES account (id),
    secret bytea NOT NULL,
    -- The latest step of 30 s whose code was taken: none is taken twice.
    last_step bigint NOT NULL,
    begun_at timestamptz NOT NULL
);

-- What helps when the phone is lost; each once.
CREATE TABLE recovery_code (
    account_id uuid NOT NULL REFERENCES account (id),
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account_id, code_hash)
);

-- The password was right, the code is still to come. No session: it opens nothing.
CREATE TABLE pending_sign_in (
    token_hash bytea NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    epoch integer NOT NULL,
    attempts integer NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pending_sign_in_by_account ON pending_sign_in (account_id);
CREATE INDEX pending_sign_in_by_expiry ON pending_sign_in (expires_at);

-- Answers of the identity platform that were taken: none is taken twice.
CREATE TABLE spent_state (
    state_hash bytea NOT NULL PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX spent_state_by_expiry ON spent_state (expires_at);
