"""The tables of a project file, and the marks that tell it from other files.

A version is never changed once released: a newer one gets the next number and the
statements that lead to it from the one before.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

APPLICATION_ID = 0x43414948  # "CAIH"
VERSION = 1

TABLES = """
CREATE TABLE photos (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL,       -- from the project's folder with /, or absolute
  sha256 TEXT NOT NULL,
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  building TEXT NOT NULL,
  mm_per_px REAL CHECK (mm_per_px > 0),
  detection TEXT,           -- JSON: model, thresholds, minimum areas
  UNIQUE (path, sha256)
);
CREATE TABLE tiles (        -- the masks; a tile that is absent is all zero
  photo_id INTEGER NOT NULL REFERENCES photos,
  plane TEXT NOT NULL CHECK (plane IN ('model', 'person')),
  row INTEGER NOT NULL,
  col INTEGER NOT NULL,
  pixels BLOB NOT NULL,     -- zlib
  UNIQUE (photo_id, plane, row, col)
);
CREATE TABLE log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  photo_id INTEGER NOT NULL REFERENCES photos,
  at TEXT NOT NULL,         -- ISO 8601, UTC
  who_kind TEXT NOT NULL CHECK (who_kind IN ('person', 'model')),
  who_name TEXT NOT NULL,
  who_sha256 TEXT NOT NULL,
  action TEXT NOT NULL,
  what TEXT NOT NULL,
  top INTEGER, "left" INTEGER, bottom INTEGER, "right" INTEGER
);
CREATE INDEX log_of_photo ON log (photo_id, id);
CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log
  BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_is_never_shortened BEFORE DELETE ON log
  BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_is_never_replaced BEFORE INSERT ON log
  WHEN EXISTS (SELECT 1 FROM log WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TABLE steps (        -- what can be undone, and redone once it is undone
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  photo_id INTEGER NOT NULL REFERENCES photos,
  name TEXT NOT NULL,
  top INTEGER NOT NULL, "left" INTEGER NOT NULL,
  bottom INTEGER NOT NULL, "right" INTEGER NOT NULL,
  coalesce INTEGER NOT NULL,         -- 1: the next of its name may join it
  undone INTEGER NOT NULL DEFAULT 0,
  detects INTEGER NOT NULL,          -- 1: the two below say something
  detection_before TEXT,
  detection_after TEXT
);
CREATE INDEX steps_of_photo ON steps (photo_id, undone, id);
CREATE TABLE deltas (
  step_id INTEGER NOT NULL REFERENCES steps ON DELETE CASCADE,
  plane TEXT NOT NULL CHECK (plane IN ('model', 'person')),
  row INTEGER NOT NULL,
  col INTEGER NOT NULL,
  pixels BLOB NOT NULL,     -- zlib of before XOR after: it leads both ways
  UNIQUE (step_id, plane, row, col)
);
"""


def create(path: Path) -> None:
    """Write an empty project to a path where no file is."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(
            f"PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {VERSION};"
            f"BEGIN; {TABLES} COMMIT;"
        )


def is_complete(database: sqlite3.Connection) -> bool:
    """Whether a database has each table, index and trigger, word for word."""
    with closing(sqlite3.connect(":memory:")) as model:
        model.executescript(TABLES)
        return _statements(model) <= _statements(database)


def _statements(database: sqlite3.Connection) -> set[str]:
    rows = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {str(sql) for (sql,) in rows}
