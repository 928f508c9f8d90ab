DROP TABLE accumulator_entry;
DROP TABLE accumulator;
DROP TABLE settlement;
DROP TABLE claim_adjustment;
