DROP INDEX account_by_institution;
DROP INDEX account_by_employer;
DROP TABLE case_patient;
DROP TABLE patient_cost;
DROP TABLE patient_change;
DROP FUNCTION patient_changes_are_append_only();
DROP TABLE patient;
