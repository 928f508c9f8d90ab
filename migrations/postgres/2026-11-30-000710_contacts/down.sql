DROP TABLE contact_file;
DROP TABLE contact;
