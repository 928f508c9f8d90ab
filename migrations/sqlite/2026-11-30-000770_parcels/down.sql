DROP TABLE parcel_photo;
DROP TABLE parcel_return;
DROP TABLE parcel_paper;
DROP TABLE parcel_case;
DROP TABLE mailing;
DROP TABLE parcel;
