-- what makes the file a GeoPackage (https://www.geopackage.org/spec131/), and what keeps it from being altered
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), min_x DOUBLE, min_y DOUBLE,
  max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('annotations', 'features', 'annotations', 'Field notes, as they stand now · Notas de campo, estado actual', 4326),
  ('changes', 'attributes', 'changes', 'Every change, for ever · Todos los cambios, para siempre', 0),
  ('imports', 'attributes', 'imports', 'Files that came in · Archivos recibidos', 0),
  ('quarantine', 'attributes', 'quarantine', 'Rows that could not come in · Filas que no pudieron entrar', 0),
  ('proposals', 'attributes', 'proposals', 'Records that look alike · Registros que se parecen', 0),
  ('media', 'attributes', 'media', 'Photos · Fotos', 0),
  ('atlas_store', 'attributes', 'atlas_store', 'What this file is · Qué es este archivo', 0);
INSERT INTO gpkg_geometry_columns VALUES ('annotations', 'geom', 'GEOMETRY', 4326, 0, 0);
-- 1 only inside a transaction of the atlas
CREATE TABLE atlas_guard (id INTEGER PRIMARY KEY CHECK (id = 1), writing INTEGER NOT NULL);
INSERT INTO atlas_guard VALUES (1, 0);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
  VALUES ('atlas_guard', 'attributes', 'atlas_guard', 'A lock · Un candado', 0);
