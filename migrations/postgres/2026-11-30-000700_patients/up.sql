-- Patients of the ledger (IN-4), entered by institutions; spread by the pool of the place of treatment. A patient need not
-- be known to the registry. ID numbers are sealed and found by the blind index.
CREATE TABLE patient (
    pool text NOT NULL,
    id uuid NOT NULL,
    -- The agency of the place of treatment.
    agency text NOT NULL REFERENCES agency (code),
    institution_id uuid NOT NULL REFERENCES institution (id),
    name text NOT NULL,
    id_number bytea NOT NULL,
    id_hash bytea NOT NULL,
    -- Who they are in the registry, if it knows them.
    person_id uuid REFERENCES person (id),
    sex text NOT NULL CHECK (sex IN ('female', 'male')),
    -- In whole years on the day of admission.
    age integer NOT NULL CHECK (age BETWEEN 0 AND 150),
    status text NOT NULL CHECK (status IN ('suspected', 'confirmed', 'excluded')),
    admitted_on date NOT NULL,
    discharged_on date,
    scheme text CHECK (scheme IN ('employee', 'resident')),
    -- Prefecture code; the pool may be outside this system.
    insured_at text NOT NULL,
    -- How far the registration has come for a patient insured elsewhere (XR-4 to XR-6).
    registration text NOT NULL CHECK (registration IN ('not-needed', 'open', 'asked', 'registered', 'recorded')),
    version integer NOT NULL,
    entered_by uuid NOT NULL REFERENCES account (id),
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id),
    CHECK (discharged_on IS NULL OR discharged_on >= admitted_on)
);
CREATE INDEX patient_by_institution ON patient (pool, institution_id, admitted_on, id);
CREATE INDEX patient_by_agency ON patient (pool, agency, admitted_on, id);
-- What the auditor of a pool reads.
CREATE INDEX patient_by_pool ON patient (pool, admitted_on, id);
CREATE INDEX patient_by_id_number ON patient (id_hash);
CREATE INDEX patient_by_person ON patient (person_id) WHERE person_id IS NOT NULL;

-- Who entered or changed what of an entry, and when: append-only. What changed may name people and is sealed.
CREATE TABLE patient_change (
    pool text NOT NULL,
    patient_id uuid NOT NULL,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    by_account uuid REFERENCES account (id),
    kind text NOT NULL,
    change bytea NOT NULL,
    PRIMARY KEY (pool, patient_id, number),
    FOREIGN KEY (pool, patient_id) REFERENCES patient (pool, id)
);
CREATE FUNCTION patient_changes_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'changes of the patient ledger are append-only';
END $$;
CREATE TRIGGER patient_change_no_change BEFORE UPDATE OR DELETE ON patient_change
    FOR EACH ROW EXECUTE FUNCTION patient_changes_are_append_only();
CREATE TRIGGER patient_change_no_truncate BEFORE TRUNCATE ON patient_change
    FOR EACH STATEMENT EXECUTE FUNCTION patient_changes_are_append_only();

-- Costs of a patient, kept apart (XR-6, SET-9). A wrong one is taken back by another with the amount negated.
CREATE TABLE patient_cost (
    pool text NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    incurred_on date NOT NULL,
    kind text NOT NULL,
    -- Fen.
    amount bigint NOT NULL CHECK (amount <> 0),
    -- The entry that this one takes back.
    reverses uuid,
    note bytea,
    entered_by uuid NOT NULL REFERENCES account (id),
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (pool, id),
    FOREIGN KEY (pool, patient_id) REFERENCES patient (pool, id),
    UNIQUE (pool, reverses)
);
CREATE INDEX patient_cost_by_patient ON patient_cost (pool, patient_id, incurred_on, id);

-- On which entry a registration of a patient rests (XR-3); where the status was stated under pledge, the entry that was
-- found afterwards. The entry may be another pool's.
CREATE TABLE case_patient (
    pool text NOT NULL,
    case_id uuid NOT NULL,
    patient_pool text NOT NULL,
    patient_id uuid NOT NULL,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (pool, case_id),
    FOREIGN KEY (pool, case_id) REFERENCES cases (pool, id)
);
CREATE INDEX case_patient_by_patient ON case_patient (patient_pool, patient_id);

-- Colleagues: the logins of an employer or institution.
CREATE INDEX account_by_employer ON account (employer_id, role) WHERE employer_id IS NOT NULL;
CREATE INDEX account_by_institution ON account (institution_id, role) WHERE institution_id IS NOT NULL;
