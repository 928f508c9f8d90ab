DROP TABLE catalogue_entry;
DROP TABLE catalogue_version;
