DROP TABLE seen_at_counter;
DROP TABLE appointment;
DROP TABLE slot;
DROP TABLE closed_day;
DROP TABLE counter_opening;
DROP TABLE counter;
