-- The sweep of files without a row asks by the file.
CREATE INDEX material_by_file ON material (file_key);
