"""What files, disks and SQLite report, as sentences for a person."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resunet_core.errors import BadProject, DamagedProject
from resunet_core.mask.tile import DamagedTile
from resunet_core.project.records import DamagedRow

UNREADABLE = (sqlite3.Error, UnicodeDecodeError, OverflowError)
"""What reading damaged tables may raise."""

COPY_HINT = "Open a backup copy of it; this file was left as it is."


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into a sentence for a person.

    Raises:
        BadProject: In place of what is raised for files, locks and disks.
        DamagedProject: For damage.
    """
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # a fault of ours, and the guard of the log
    except sqlite3.DatabaseError as error:
        said = _of_database(path, error)
        if said is None:
            raise
        raise said from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            message, hint = _SENTENCES[sqlite3.SQLITE_FULL]
            raise BadProject(f"{path} {message}.", hint) from error
        message, hint = _SENTENCES[sqlite3.SQLITE_CANTOPEN]
        reason = error.strerror or str(error)
        raise BadProject(f"{path} {message}: {reason}.", hint) from error
    except (DamagedTile, DamagedRow) as error:
        damage = f"{path} is damaged: {error}."
        raise DamagedProject(path, damage, COPY_HINT) from error
    except (UnicodeDecodeError, OverflowError) as error:  # names of tables, huge ids
        raise DamagedProject(path, f"{path} is damaged.", COPY_HINT) from error


def _of_database(path: Path, error: sqlite3.DatabaseError) -> BadProject | None:
    """The sentence for what SQLite reports; None where it is a fault of ours."""
    # Text that is none has no code; SQLite itself never looks at text.
    no_code = sqlite3.SQLITE_CORRUPT if "decode" in str(error) else 0
    code = getattr(error, "sqlite_errorcode", no_code) & 0xFF
    if code not in _SENTENCES:
        return None
    message, hint = _SENTENCES[code]
    if code in _DAMAGE:
        return DamagedProject(path, f"{path} {message}.", hint)
    return BadProject(f"{path} {message}.", hint)


_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

_SENTENCES = {
    sqlite3.SQLITE_BUSY: (
        "is open in another window",
        "Go on there, or close it there first.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "is not a Caihua project",
        "Choose a .caihua file; this one was left as it is.",
    ),
    sqlite3.SQLITE_CORRUPT: ("is damaged", COPY_HINT),
    sqlite3.SQLITE_TOOBIG: ("is damaged: something in it is far too large", COPY_HINT),
    sqlite3.SQLITE_MISMATCH: ("is damaged", COPY_HINT),
    sqlite3.SQLITE_FULL: (
        "could not be written because the disk is full",
        "Make room on the disk and repeat the last step.",
    ),
    sqlite3.SQLITE_READONLY: (
        "is read-only",
        "Copy it to a folder that you may write to, and open the copy.",
    ),
    sqlite3.SQLITE_IOERR: (
        "could not be read or written",
        "See that its drive is connected and not full, and open the project again.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "could not be opened",
        "See that its folder is there and that you may write to it.",
    ),
}
