-- for each table that only grows
CREATE TRIGGER {table}_is_not_altered BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'nothing in {table} is altered: every change is kept'); END;
CREATE TRIGGER {table}_is_not_deleted BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'nothing in {table} is deleted: every change is kept'); END;
