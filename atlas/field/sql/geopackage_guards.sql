-- for the current state, which follows from the changes
CREATE TRIGGER annotations_{event}_by_atlas BEFORE {event} ON annotations WHEN (SELECT writing FROM atlas_guard) = 0
BEGIN SELECT RAISE(ABORT, 'edit a copy (atlas field export) and import it: the store keeps changes, not edits'); END;
