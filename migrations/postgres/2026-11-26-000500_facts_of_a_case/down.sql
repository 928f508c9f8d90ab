CREATE INDEX case_fact_by_value ON case_fact (pool, name, value, case_id);
