-- The calendar by which the deadlines of all open cases were last looked through (CLK-2): one row.
CREATE TABLE redating (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    calendar BLOB NOT NULL CHECK (length(calendar) = 32),
    done_at INTEGER NOT NULL
) STRICT;
