DROP TRIGGER case_event_waits_for_its_seal ON case_event;
DROP FUNCTION case_event_waits_for_its_seal;
DROP TABLE anchor;
DROP TABLE seal_entry;
DROP TABLE seal;
DROP TABLE unsealed_event;
DROP FUNCTION seals_are_append_only;
