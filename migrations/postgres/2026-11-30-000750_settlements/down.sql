DROP TABLE accumulator_entry;
DROP TABLE accumulator;
DROP TABLE settlement;
DROP TABLE claim_adjustment;
DROP FUNCTION accumulator_entry_is_append_only();
DROP FUNCTION settlement_is_append_only();
DROP FUNCTION claim_adjustment_is_append_only();
