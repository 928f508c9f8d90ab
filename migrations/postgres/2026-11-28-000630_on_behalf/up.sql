-- Filing for somebody else (CAS-8). Global like the registry of persons: the two may be insured in different pools.
CREATE TABLE authorisation (
    id uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('family', 'community')),
    -- For whom is filed.
    principal uuid NOT NULL REFERENCES person (id),
    -- Whom a resident named; nobody for a community worker.
    grantee uuid REFERENCES person (id),
    -- The login that files: of a relative since they accepted.
    grantee_account uuid REFERENCES account (id),
    -- Slugs of the items, a JSON list; all when there is none.
    items text,
    -- Beijing days, both counted.
    from_day date NOT NULL,
    to_day date NOT NULL,
    -- The authorisation on paper of a community worker: when it was signed and where it is kept.
    signed_on date,
    paper bytea,
    granted_by uuid NOT NULL REFERENCES account (id),
    granted_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz,
    CHECK (to_day >= from_day),
    CHECK (grantee IS NOT NULL OR grantee_account IS NOT NULL)
);
CREATE INDEX authorisation_by_principal ON authorisation (principal);
CREATE INDEX authorisation_by_grantee ON authorisation (grantee);
CREATE INDEX authorisation_by_account ON authorisation (grantee_account);

-- On what a filing for somebody else rests: a call that was returned, or an authorisation.
CREATE TABLE on_behalf (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    authorisation_id uuid REFERENCES authorisation (id),
    -- The number that was called back, sealed; what came of it, and when.
    called bytea,
    call_result text,
    called_at timestamptz,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (authorisation_id IS NOT NULL OR (called IS NOT NULL AND call_result IS NOT NULL AND called_at IS NOT NULL))
);
