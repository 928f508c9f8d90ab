DROP TABLE staff_leave;
DROP TABLE duty_shift;
