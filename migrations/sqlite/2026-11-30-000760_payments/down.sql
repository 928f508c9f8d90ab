DROP TABLE fiscal_grant;
DROP TABLE fiscal_share;
DROP TABLE treasury_claim;
DROP TABLE payment_event;
DROP TABLE payment_order;
DROP TABLE payment_batch;
