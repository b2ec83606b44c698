-- what keeps the tables from being altered; the same messages as in a GeoPackage
CREATE FUNCTION refuse_alteration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'nothing in % is altered or deleted: every change is kept', TG_TABLE_NAME;
END $$;
CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('atlas.writing', true), '') <> 'on' THEN
    RAISE EXCEPTION 'edit a copy (atlas field export) and import it: the store keeps changes, not edits';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER annotations_by_atlas BEFORE INSERT OR UPDATE OR DELETE ON annotations
  FOR EACH ROW EXECUTE FUNCTION refuse_edit();
CREATE INDEX annotations_geom ON annotations USING gist (geom);
