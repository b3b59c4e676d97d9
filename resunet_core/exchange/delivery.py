"""The files of one export: all of them appear, or none does."""

import json
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.files import write_text

MANIFEST = ".caihua-export"
"""Lists what exports wrote into a folder: only that may be replaced by the next. No
JSON by name, since a folder of label files is read by that."""


class Delivery:
    """Files are written beside their places and moved there when all went well.

    Args:
        folder: Where they will be; made when missing.
        photos: Files that are never written to, whatever an export is called.

    Raises:
        CaihuaError: The folder cannot be made.
    """

    def __init__(self, folder: Path, photos: Collection[Path] = ()) -> None:
        if folder.exists() and not folder.is_dir():
            raise WrongUsage(
                f"{folder} is a file, not a folder.", "Name another folder."
            )
        self.folder = folder
        self._photos = {_resolved(photo) for photo in photos}
        self._made: list[Path] = []
        self._staged: dict[Path, Path] = {}
        self._earlier = _listed(folder)
        self._make(folder)

    def place(self, name: str, *, may_replace: bool = False) -> Path:
        """A path to write the file `name` (with / for folders) to.

        Args:
            name: Of the file, from the folder of the export.
            may_replace: Whether the writer itself judges the file that is there.

        Raises:
            CaihuaError: A file is there that is a photo or not from an export, or
                the folder cannot be made.
        """
        final = self.final(name)
        known = may_replace or name in self._earlier
        if _resolved(final) in self._photos or (final.exists() and not known):
            raise CaihuaError(
                f"{final} is there already and is not from an export of Caihua.",
                "Choose another folder, so that it is not lost.",
            )
        self._make(final.parent)
        token = secrets.token_hex(4)
        staged = final.with_name(f".{final.stem}.{token}{final.suffix}")
        self._staged[staged] = final
        return staged

    def final(self, name: str) -> Path:
        """Where the file `name` will be."""
        return self.folder / name

    def __enter__(self) -> "Delivery":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None and self._staged:
                self._deliver()
        finally:
            self._clear()

    def forget(self, names: Collection[str]) -> None:
        """Take back what was placed under these names: that photo failed."""
        for staged, final in list(self._staged.items()):
            if final.relative_to(self.folder).as_posix() in names:
                del self._staged[staged]
                staged.unlink(missing_ok=True)

    @property
    def placed(self) -> frozenset[str]:
        """The names placed so far."""
        finals = self._staged.values()
        return frozenset(f.relative_to(self.folder).as_posix() for f in finals)

    def _deliver(self) -> None:
        names = sorted(self._earlier | self.placed)
        for staged, final in self._staged.items():
            try:
                os.replace(staged, final)  # noqa: PTH105 - atomic on every system by contract
            except OSError as error:
                raise CaihuaError(
                    f"{final} could not be written: {error.strerror or error}.",
                    "Close it in other programs, or choose another folder.",
                ) from error
        write_text(self.folder / MANIFEST, json.dumps(names, ensure_ascii=False))
        self._made.clear()

    def _clear(self) -> None:
        for staged in self._staged:
            with suppress(OSError):  # moved to its place, or never made
                staged.unlink()
        for folder in reversed(self._made):
            with suppress(OSError):  # somebody put something else there
                folder.rmdir()

    def _make(self, folder: Path) -> None:
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            try:
                path.mkdir(exist_ok=True)
            except OSError as error:
                raise CaihuaError(
                    f"The folder {path} cannot be made: {error.strerror or error}.",
                    "Name another folder.",
                ) from error
            self._made.append(path)


def _listed(folder: Path) -> frozenset[str]:
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        return frozenset(name for name in found if isinstance(name, str))
    except (OSError, ValueError, TypeError, RecursionError):
        return frozenset()  # none: then nothing there may be replaced


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except OSError:  # a drive that is gone holds nothing to overwrite
        return path
