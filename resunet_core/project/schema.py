"""The tables of a project file, and the marks that tell it from other files.

A version is never changed once released: a newer one gets the next number and the
statements that lead to it from the one before. A new project takes the same way as an
old one, so that both end with the same tables.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

APPLICATION_ID = 0x43414948  # "CAIH"

_FIRST = """
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

_SECOND = """
ALTER TABLE photos ADD COLUMN size_bytes INTEGER;       -- of the file, once seen
ALTER TABLE photos ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN elevation TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN bay TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN component TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN review TEXT NOT NULL DEFAULT 'draft'
  CHECK (review IN ('draft', 'checked', 'approved'));
ALTER TABLE photos ADD COLUMN reviewed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN reviewed_at TEXT;         -- ISO 8601, UTC
ALTER TABLE photos ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;  -- of its deltas

CREATE TABLE project (      -- what belongs to no photo
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE shares (       -- pixels of each class but sound paint, kept by commits
  photo_id INTEGER NOT NULL REFERENCES photos,
  class_id INTEGER NOT NULL CHECK (class_id BETWEEN 1 AND 255),
  pixels INTEGER NOT NULL CHECK (pixels > 0),
  PRIMARY KEY (photo_id, class_id)
) WITHOUT ROWID;
CREATE TABLE checked (      -- tiles that a person has checked
  photo_id INTEGER NOT NULL REFERENCES photos,
  row INTEGER NOT NULL,
  col INTEGER NOT NULL,
  PRIMARY KEY (photo_id, row, col)
) WITHOUT ROWID;
CREATE TABLE step_checks (  -- tiles whose check a step sets or takes back
  step_id INTEGER NOT NULL REFERENCES steps ON DELETE CASCADE,
  row INTEGER NOT NULL,
  col INTEGER NOT NULL,
  PRIMARY KEY (step_id, row, col)
) WITHOUT ROWID;
CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  at TEXT NOT NULL,         -- ISO 8601, UTC
  who_name TEXT NOT NULL
);
CREATE TABLE snapshot_photos (
  snapshot_id INTEGER NOT NULL REFERENCES snapshots ON DELETE CASCADE,
  photo_id INTEGER NOT NULL REFERENCES photos,
  detection TEXT,
  PRIMARY KEY (snapshot_id, photo_id)
) WITHOUT ROWID;
CREATE INDEX snapshots_of_photo ON snapshot_photos (photo_id, snapshot_id);
CREATE TABLE snapshot_tiles ( -- a tile as it was, once it is another one
  snapshot_id INTEGER NOT NULL REFERENCES snapshots ON DELETE CASCADE,
  photo_id INTEGER NOT NULL REFERENCES photos,
  plane TEXT NOT NULL CHECK (plane IN ('model', 'person', 'scope')),
  row INTEGER NOT NULL,
  col INTEGER NOT NULL,
  pixels BLOB,              -- zlib; NULL: all zero
  UNIQUE (photo_id, plane, row, col, snapshot_id)
);

ALTER TABLE tiles RENAME TO tiles_before;
CREATE TABLE tiles (        -- the masks; a tile that is absent is all zero
  photo_id INTEGER NOT NULL REFERENCES photos,
  plane TEXT NOT NULL CHECK (plane IN ('model', 'person', 'scope')),
  row INTEGER NOT NULL,
  col INTEGER NOT NULL,
  pixels BLOB NOT NULL,     -- zlib
  UNIQUE (photo_id, plane, row, col)
);
INSERT INTO tiles SELECT * FROM tiles_before;
DROP TABLE tiles_before;
ALTER TABLE deltas RENAME TO deltas_before;
CREATE TABLE deltas (
  step_id INTEGER NOT NULL REFERENCES steps ON DELETE CASCADE,
  plane TEXT NOT NULL CHECK (plane IN ('model', 'person', 'scope')),
  row INTEGER NOT NULL,
  col INTEGER NOT NULL,
  pixels BLOB NOT NULL,     -- zlib of before XOR after: it leads both ways
  UNIQUE (step_id, plane, row, col)
);
INSERT INTO deltas SELECT * FROM deltas_before;
DROP TABLE deltas_before;
UPDATE steps SET bytes = (
  SELECT TOTAL(LENGTH(pixels)) FROM deltas WHERE step_id = steps.id
);
INSERT INTO project VALUES ('id', LOWER(HEX(RANDOMBLOB(16))));
"""

_THIRD = """
ALTER TABLE photos ADD COLUMN scale TEXT;               -- JSON: see `scales`
ALTER TABLE photos ADD COLUMN campaign TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN is_primary INTEGER NOT NULL DEFAULT 0
  CHECK (is_primary IN (0, 1));

CREATE TABLE point_checks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  photo_id INTEGER NOT NULL REFERENCES photos,
  at TEXT NOT NULL,         -- ISO 8601, UTC: when its points were drawn
  who_name TEXT NOT NULL,
  strata TEXT NOT NULL      -- JSON: assessed pixels of each class id at that time
);
CREATE INDEX point_checks_of_photo ON point_checks (photo_id, id);
CREATE TABLE check_points (
  check_id INTEGER NOT NULL REFERENCES point_checks ON DELETE CASCADE,
  number INTEGER NOT NULL,  -- in the order in which they are asked
  y INTEGER NOT NULL,
  x INTEGER NOT NULL,
  mapped INTEGER NOT NULL CHECK (mapped BETWEEN 0 AND 255),
  seen INTEGER CHECK (seen BETWEEN 0 AND 255),  -- NULL: not answered
  at TEXT,                  -- ISO 8601, UTC: when it was answered
  who_name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (check_id, number)
) WITHOUT ROWID;
"""

VERSIONS = (_FIRST, _SECOND, _THIRD)
"""The statements that lead to version 1, from there to version 2, and so on."""

VERSION = len(VERSIONS)


def create(path: Path) -> None:
    """Write an empty project to a path where no file is."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(f"PRAGMA application_id = {APPLICATION_ID};")
        for number, statements in enumerate(VERSIONS, 1):
            database.executescript(
                f"BEGIN; {statements} PRAGMA user_version = {number}; COMMIT;"
            )


def version_of(database: sqlite3.Connection) -> int:
    """The version that a project says it has."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def is_complete(database: sqlite3.Connection, version: int = VERSION) -> bool:
    """Whether a database has each table, index and trigger, word for word, alone.

    A trigger or view that is none of ours could change masks behind our back.
    """
    return _expected(version) == frozenset(_statements(database))


@cache
def _expected(version: int) -> frozenset[str]:
    with closing(sqlite3.connect(":memory:")) as model:
        for statements in VERSIONS[:version]:
            model.executescript(statements)
        return frozenset(_statements(model))


def _statements(database: sqlite3.Connection) -> Iterator[str]:
    rows = database.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )
    return (str(sql) for (sql,) in rows)
