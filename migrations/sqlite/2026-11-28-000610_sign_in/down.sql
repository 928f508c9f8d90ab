DROP TABLE spent_state;
DROP TABLE pending_sign_in;
DROP TABLE recovery_code;
DROP TABLE second_factor;
ALTER TABLE session DROP COLUMN identified;
ALTER TABLE session DROP COLUMN device;
ALTER TABLE account DROP COLUMN second_factor_at;
