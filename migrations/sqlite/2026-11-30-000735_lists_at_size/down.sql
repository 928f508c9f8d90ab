DROP INDEX patient_here_by_institution;
DROP INDEX patient_here_by_agency;
DROP INDEX patient_here_by_pool;
DROP INDEX patient_status_by_institution;
DROP INDEX patient_status_by_agency;
DROP INDEX patient_status_by_pool;
DROP INDEX patient_by_pool_and_number;
DROP INDEX batch_to_look_at;
