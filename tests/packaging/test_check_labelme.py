"""The check against LabelMe itself sees what a program between would spoil."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import check_labelme
import pytest

from resunet_core.box import Box
from resunet_core.imaging.photo import open_photo
from resunet_core.mask.fill import fill
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from tests.builders import a_mask, a_photo

Document = dict[str, Any]


def _lose_a_shape(document: Document) -> None:
    document["shapes"].pop()


def _lose_our_keys(document: Document) -> None:
    document["caihua"].pop("mm_per_px", None)
    document["shapes"][0].pop("caihua", None)


@pytest.mark.parametrize("mode", check_labelme.MODES)
@pytest.mark.parametrize(
    ("spoil", "good"),
    [(None, True), (_lose_a_shape, False), (_lose_our_keys, False)],
)
def test_what_labelme_saved_must_come_back(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    spoil: Callable[[Document], None] | None,
    good: bool,  # noqa: FBT001 - pytest hands it over by name
) -> None:
    def resave(_python: Path, _said: str, command: str, *names: str) -> bool:
        assert command == "resave"
        for path in map(Path, names):
            document = json.loads(path.read_bytes())
            if spoil is not None:
                spoil(document)
            path.write_text(json.dumps(document, indent=1), encoding="utf-8")
        return True

    monkeypatch.setattr(check_labelme, "_inside", resave)
    photo = open_photo(a_photo(tmp_path))
    with Project.open(tmp_path / "survey.caihua") as project:
        record = project.add_photo(
            photo.path, sha256=photo.sha256, width=photo.width, height=photo.height
        )
        mask, ids = project.load_mask(record.id), a_mask()
        edit = fill(mask, Box(0, 0, 96, 128), ids, ids > 0, "Draw")
        assert edit is not None
        project.commit(record.id, edit, who=Who("person", "Li"))
        project.set_scale(record.id, 0.5)
        python = Path(sys.executable)
        assert check_labelme._mode_comes_back(python, "none", project, mode) is good
