DROP INDEX material_by_file;
