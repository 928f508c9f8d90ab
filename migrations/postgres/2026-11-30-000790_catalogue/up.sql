-- Catalogues of drugs and services that were imported, each whole; the last one counts.
CREATE TABLE catalogue_version (
    version integer NOT NULL PRIMARY KEY,
    source text NOT NULL,
    entries integer NOT NULL CHECK (entries > 0),
    imported_at timestamptz NOT NULL
);

-- The entries of the last one (SET-2, SET-3), numbered in the order of code, list and first day. Shares are basis points.
CREATE TABLE catalogue_entry (
    number integer NOT NULL PRIMARY KEY,
    code text NOT NULL,
    list text NOT NULL CHECK (list IN ('ordinary', 'protocol', 'provincial-temporary', 'third-supplementary')),
    from_day date NOT NULL,
    to_day date,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    sort text NOT NULL CHECK (sort IN ('drug', 'service', 'antigen_test', 'follow_up')),
    unit text NOT NULL,
    class text NOT NULL CHECK (class IN ('A', 'B', 'outside')),
    own_share integer CHECK (own_share BETWEEN 0 AND 10000),
    -- Code, names and pinyin initials in small letters: what a search looks in.
    words text NOT NULL,
    UNIQUE (code, list, from_day),
    CHECK (to_day >= from_day),
    CHECK (class <> 'B' OR own_share IS NOT NULL)
);

CREATE INDEX catalogue_entry_name ON catalogue_entry (name_zh);
