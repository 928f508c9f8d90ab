-- Filing for somebody else (CAS-8). Global like the registry of persons: the two may be insured in different pools.
CREATE TABLE authorisation (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('family', 'community')),
    -- For whom is filed.
    principal BLOB NOT NULL CHECK (length(principal) = 16) REFERENCES person (id),
    -- Whom a resident named; nobody for a community worker.
    grantee BLOB CHECK (length(grantee) = 16) REFERENCES person (id),
    -- The login that files: of a relative since they accepted.
    grantee_account BLOB CHECK (length(grantee_account) = 16) REFERENCES account (id),
    -- Slugs of the items, a JSON list; all when there is none.
    items TEXT CHECK (json_valid(items)),
    -- Beijing days, both counted.
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    -- The authorisation on paper of a community worker: when it was signed and where it is kept.
    signed_on TEXT,
    paper BLOB,
    granted_by BLOB NOT NULL CHECK (length(granted_by) = 16) REFERENCES account (id),
    granted_at INTEGER NOT NULL,
    accepted_at INTEGER,
    revoked_at INTEGER,
    CHECK (to_day >= from_day),
    CHECK (grantee IS NOT NULL OR grantee_account IS NOT NULL)
) STRICT;
CREATE INDEX authorisation_by_principal ON authorisation (principal);
CREATE INDEX authorisation_by_grantee ON authorisation (grantee);
CREATE INDEX authorisation_by_account ON authorisation (grantee_account);

-- On what a filing for somebody else rests: a call that was returned, or an authorisation.
CREATE TABLE on_behalf (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    authorisation_id BLOB CHECK (length(authorisation_id) = 16) REFERENCES authorisation (id),
    -- The number that was called back, sealed; what came of it, and when.
    called BLOB,
    call_result TEXT,
    called_at INTEGER,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id),
    CHECK (authorisation_id IS NOT NULL OR (called IS NOT NULL AND call_result IS NOT NULL AND called_at IS NOT NULL))
) STRICT;
