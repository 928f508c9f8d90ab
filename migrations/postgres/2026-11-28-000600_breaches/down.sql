DROP TABLE breach_cause;
DROP TABLE breach;
DROP FUNCTION breaches_are_append_only;
