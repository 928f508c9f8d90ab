DROP INDEX inbox_by_case;
DROP INDEX outbox_by_case;
DROP TABLE dead_letters;
DROP TABLE notification_choice;
