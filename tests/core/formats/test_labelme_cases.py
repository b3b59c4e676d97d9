"""Label files that other programs wrote are read, or refused for what is in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from resunet_core.formats.label_names import UnknownLabels, label_names
from resunet_core.formats.labelme_reader import labels_of, read_labelme

pytestmark = pytest.mark.shared_data
KNOWN = {"__ignore__"}


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> list[tuple[Path, dict[str, Any]]]:
    folder = shared_data / "labelme_cases"
    index = json.loads((folder / "INDEX.json").read_bytes())
    return [(folder / entry["file"], entry) for entry in index]


def test_each_file_is_read_once_its_labels_are_mapped(
    cases: list[tuple[Path, dict[str, Any]]],
) -> None:
    assert len(cases) == 49
    for path, entry in cases:
        document = json.loads(path.read_bytes())
        size = (document["imageHeight"], document["imageWidth"])
        names = label_names(mapping=dict.fromkeys(labels_of(path), "craquelure"))
        found = read_labelme(path, names)
        kinds = entry["types"]
        assert len(found.shapes) == sum(kinds.values()), path
        assert found.size == size
        assert found.photo.name == Path(entry["imagePath"]).name
        assert found.photo.is_file() == ("file" in entry["image"]), path
        assert found.without_area == kinds.get("point", 0), path
        painted = found.painted(*size)
        assert painted.any() == (found.without_area < len(found.shapes)), path
        unknown_keys = set(entry["keys"]) - {"shapes"}
        assert unknown_keys <= found.document.keys()


def test_each_file_is_refused_for_its_labels_otherwise(
    cases: list[tuple[Path, dict[str, Any]]],
) -> None:
    for path, _entry in cases:
        shapes = json.loads(path.read_bytes())["shapes"]
        areas = [s for s in shapes if s["shape_type"] != "point"]
        expected = sorted({s["label"] for s in areas} - KNOWN)
        if not expected:
            assert read_labelme(path).shapes is not None
            continue
        with pytest.raises(UnknownLabels) as refused:
            read_labelme(path)
        assert list(refused.value.labels) == expected
        assert all(repr(label) in str(refused.value) for label in expected[:20])
