DROP TABLE batch_task_row;
DROP TABLE batch_task;
DROP TABLE batch_row;
DROP TABLE batch;
