DROP TABLE sample_case;
DROP TABLE sample;
DROP TABLE follow_up;
DROP TABLE rating;
DROP FUNCTION ratings_are_append_only;
DROP INDEX breach_by_pool;
DROP INDEX case_running_by_item;
DROP TABLE turnaround;
