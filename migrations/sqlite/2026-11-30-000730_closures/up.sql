-- Closures and control periods of areas (封闭管理, XR-8, DEF-6), and times of an epidemic, as administrators enter them with
-- the notice they rest on. What was wrong is withdrawn, never deleted.
CREATE TABLE closure (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('closure', 'epidemic')),
    -- Code of a province, prefecture or county; of an epidemic the pool's own.
    area TEXT NOT NULL,
    from_day TEXT NOT NULL,
    -- The last day; while it lasts there is none.
    to_day TEXT,
    -- Number and title of the notice.
    notice TEXT NOT NULL,
    entered_by BLOB NOT NULL CHECK (length(entered_by) = 16) REFERENCES account (id),
    entered_at INTEGER NOT NULL,
    ended_by BLOB CHECK (length(ended_by) = 16) REFERENCES account (id),
    ended_at INTEGER,
    -- The notice of its end.
    end_notice TEXT,
    withdrawn_by BLOB CHECK (length(withdrawn_by) = 16) REFERENCES account (id),
    withdrawn_at INTEGER,
    withdrawn_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (pool, id),
    CHECK (to_day IS NULL OR to_day >= from_day),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
) STRICT;
CREATE INDEX closure_by_time ON closure (pool, from_day, id) WHERE withdrawn_at IS NULL;
