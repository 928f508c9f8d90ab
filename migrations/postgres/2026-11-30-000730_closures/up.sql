-- Closures and control periods of areas (封闭管理, XR-8, DEF-6), and times of an epidemic, as administrators enter them with
-- the notice they rest on. What was wrong is withdrawn, never deleted.
CREATE TABLE closure (
    pool text NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('closure', 'epidemic')),
    -- Code of a province, prefecture or county; of an epidemic the pool's own.
    area text NOT NULL,
    from_day date NOT NULL,
    -- The last day; while it lasts there is none.
    to_day date,
    -- Number and title of the notice.
    notice text NOT NULL,
    entered_by uuid NOT NULL REFERENCES account (id),
    entered_at timestamptz NOT NULL,
    ended_by uuid REFERENCES account (id),
    ended_at timestamptz,
    -- The notice of its end.
    end_notice text,
    withdrawn_by uuid REFERENCES account (id),
    withdrawn_at timestamptz,
    withdrawn_reason text,
    version integer NOT NULL,
    PRIMARY KEY (pool, id),
    CHECK (to_day IS NULL OR to_day >= from_day),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
);
CREATE INDEX closure_by_time ON closure (pool, from_day, id) WHERE withdrawn_at IS NULL;
