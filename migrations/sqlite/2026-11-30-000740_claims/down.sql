DROP TABLE invoice;
DROP TABLE claim_line;
DROP TABLE claim_invoice;
DROP TABLE claim;
