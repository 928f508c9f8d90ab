DROP TABLE on_behalf;
DROP TABLE authorisation;
