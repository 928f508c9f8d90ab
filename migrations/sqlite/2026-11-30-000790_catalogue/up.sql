-- Catalogues of drugs and services that were imported, each whole; the last one counts.
CREATE TABLE catalogue_version (
    version INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    entries INTEGER NOT NULL CHECK (entries > 0),
    imported_at INTEGER NOT NULL
) STRICT;

-- The entries of the last one (SET-2, SET-3), numbered in the order of code, list and first day. Shares are basis points.
CREATE TABLE catalogue_entry (
    number INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    list TEXT NOT NULL CHECK (list IN ('ordinary', 'protocol', 'provincial-temporary', 'third-supplementary')),
    from_day TEXT NOT NULL,
    to_day TEXT,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    sort TEXT NOT NULL CHECK (sort IN ('drug', 'service', 'antigen_test', 'follow_up')),
    unit TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('A', 'B', 'outside')),
    own_share INTEGER CHECK (own_share BETWEEN 0 AND 10000),
    -- Code, names and pinyin initials in small letters: what a search looks in.
    words TEXT NOT NULL,
    UNIQUE (code, list, from_day),
    CHECK (to_day >= from_day),
    CHECK (class <> 'B' OR own_share IS NOT NULL)
) STRICT;

CREATE INDEX catalogue_entry_name ON catalogue_entry (name_zh);
