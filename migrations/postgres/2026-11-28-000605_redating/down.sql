DROP TABLE redating;
