-- Patients of the ledger (IN-4), entered by institutions; spread by the pool of the place of treatment. A patient need not
-- be known to the registry. ID numbers are sealed and found by the blind index.
CREATE TABLE patient (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    -- The agency of the place of treatment.
    agency TEXT NOT NULL REFERENCES agency (code),
    institution_id BLOB NOT NULL CHECK (length(institution_id) = 16) REFERENCES institution (id),
    name TEXT NOT NULL,
    id_number BLOB NOT NULL,
    id_hash BLOB NOT NULL,
    -- Who they are in the registry, if it knows them.
    person_id BLOB CHECK (length(person_id) = 16) REFERENCES person (id),
    sex TEXT NOT NULL CHECK (sex IN ('female', 'male')),
    -- In whole years on the day of admission.
    age INTEGER NOT NULL CHECK (age BETWEEN 0 AND 150),
    status TEXT NOT NULL CHECK (status IN ('suspected', 'confirmed', 'excluded')),
    admitted_on TEXT NOT NULL,
    discharged_on TEXT,
    scheme TEXT CHECK (scheme IN ('employee', 'resident')),
    -- Prefecture code; the pool may be outside this system.
    insured_at TEXT NOT NULL,
    -- How far the registration has come for a patient insured elsewhere (XR-4 to XR-6).
    registration TEXT NOT NULL CHECK (registration IN ('not-needed', 'open', 'asked', 'registered', 'recorded')),
    version INTEGER NOT NULL,
    entered_by BLOB NOT NULL CHECK (length(entered_by) = 16) REFERENCES account (id),
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id),
    CHECK (discharged_on IS NULL OR discharged_on >= admitted_on)
) STRICT;
CREATE INDEX patient_by_institution ON patient (pool, institution_id, admitted_on, id);
CREATE INDEX patient_by_agency ON patient (pool, agency, admitted_on, id);
-- What the auditor of a pool reads.
CREATE INDEX patient_by_pool ON patient (pool, admitted_on, id);
CREATE INDEX patient_by_id_number ON patient (id_hash);
CREATE INDEX patient_by_person ON patient (person_id) WHERE person_id IS NOT NULL;

-- Who entered or changed what of an entry, and when: append-only. What changed may name people and is sealed.
CREATE TABLE patient_change (
    pool TEXT NOT NULL,
    patient_id BLOB NOT NULL CHECK (length(patient_id) = 16),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by_account BLOB CHECK (length(by_account) = 16) REFERENCES account (id),
    kind TEXT NOT NULL,
    change BLOB NOT NULL,
    PRIMARY KEY (pool, patient_id, number),
    FOREIGN KEY (pool, patient_id) REFERENCES patient (pool, id)
) STRICT;
CREATE TRIGGER patient_change_no_update BEFORE UPDATE ON patient_change
BEGIN SELECT RAISE(ABORT, 'changes of the patient ledger are append-only'); END;
CREATE TRIGGER patient_change_no_delete BEFORE DELETE ON patient_change
BEGIN SELECT RAISE(ABORT, 'changes of the patient ledger are append-only'); END;

-- Costs of a patient, kept apart (XR-6, SET-9). A wrong one is taken back by another with the amount negated.
CREATE TABLE patient_cost (
    pool TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    patient_id BLOB NOT NULL CHECK (length(patient_id) = 16),
    incurred_on TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Fen.
    amount INTEGER NOT NULL CHECK (amount <> 0),
    -- The entry that this one takes back.
    reverses BLOB CHECK (length(reverses) = 16),
    note BLOB,
    entered_by BLOB NOT NULL CHECK (length(entered_by) = 16) REFERENCES account (id),
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, patient_id) REFERENCES patient (pool, id),
    UNIQUE (pool, reverses)
) STRICT;
CREATE INDEX patient_cost_by_patient ON patient_cost (pool, patient_id, incurred_on, id);

-- On which entry a registration of a patient rests (XR-3); where the status was stated under pledge, the entry that was
-- found afterwards. The entry may be another pool's.
CREATE TABLE case_patient (
    pool TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    patient_pool TEXT NOT NULL,
    patient_id BLOB NOT NULL CHECK (length(patient_id) = 16),
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
) STRICT;
CREATE INDEX case_patient_by_patient ON case_patient (patient_pool, patient_id);

-- Colleagues: the logins of an employer or institution.
CREATE INDEX account_by_employer ON account (employer_id, role) WHERE employer_id IS NOT NULL;
CREATE INDEX account_by_institution ON account (institution_id, role) WHERE institution_id IS NOT NULL;
