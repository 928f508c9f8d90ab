-- Lists of the ledger by presence and by condition: few are still there, or suspected, of all who ever were.
CREATE INDEX patient_here_by_institution ON patient (pool, institution_id, admitted_on, id) WHERE discharged_on IS NULL;
CREATE INDEX patient_here_by_agency ON patient (pool, agency, admitted_on, id) WHERE discharged_on IS NULL;
CREATE INDEX patient_here_by_pool ON patient (pool, admitted_on, id) WHERE discharged_on IS NULL;
CREATE INDEX patient_status_by_institution ON patient (pool, institution_id, status, admitted_on, id);
CREATE INDEX patient_status_by_agency ON patient (pool, agency, status, admitted_on, id);
CREATE INDEX patient_status_by_pool ON patient (pool, status, admitted_on, id);
-- The stays of a person within somebody's ledger: SQLite took the ledger's index and read all of it.
CREATE INDEX patient_by_pool_and_number ON patient (pool, id_hash, admitted_on, id);

-- Batches that are looked at each minute, few of all that ever were.
CREATE INDEX batch_to_look_at ON batch (pool, id) WHERE settled_at IS NULL AND state = 'done';
