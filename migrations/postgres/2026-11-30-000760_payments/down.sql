DROP TABLE fiscal_grant;
DROP TABLE fiscal_share;
DROP TABLE treasury_claim;
DROP TABLE payment_event;
DROP FUNCTION payment_events_are_append_only();
DROP TABLE payment_order;
DROP TABLE payment_batch;
