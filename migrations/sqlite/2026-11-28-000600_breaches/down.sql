DROP TABLE breach_cause;
DROP TABLE breach;
