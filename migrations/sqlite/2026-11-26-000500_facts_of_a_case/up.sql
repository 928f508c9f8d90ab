-- Lists ask for the facts of their cases, which the primary key answers; SQLite preferred this index and read a whole
-- pool with it. The first report that searches by value brings the index it needs.
DROP INDEX case_fact_by_value;
