"""Pictures are checked whole before training, then read from the pack as they were."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resunet_core.errors import BadData, CaihuaError
from resunet_core.progress import run_to_end
from resunet_core.training.examples import read_data_folder, read_data_folders
from resunet_core.training.pack import BLOCK_PX, Pack, check, empty_classes, pack
from tests.builders import a_mask, a_photo


def _data(folder: Path, sizes: tuple[tuple[int, int], ...]) -> Path:
    (folder / "masks").mkdir(parents=True)
    for number, (height, width) in enumerate(sizes):
        name = f"梁-{number}"
        a_photo(
            folder / "images", f"{name}.png", height=height, width=width, seed=number
        )
        Image.fromarray(a_mask(height, width)).save(folder / "masks" / f"{name}.png")
    return folder


def _packed(tmp_path: Path, sizes: tuple[tuple[int, int], ...]) -> Pack:
    examples = read_data_folder(_data(tmp_path / "数据", sizes))
    return run_to_end(pack(examples, tmp_path / "work"))


def test_pictures_come_back_as_they_were(tmp_path: Path) -> None:
    packed = _packed(tmp_path, ((96, 128), (40, 50), (70, 64)))
    examples = read_data_folder(tmp_path / "数据")
    for again in (packed, pickle.loads(pickle.dumps(packed))):  # noqa: S301 - as a loader process gets it
        for number, example in enumerate(examples):
            for mine, theirs in zip(again.load(number), example.load(), strict=True):
                np.testing.assert_array_equal(mine, theirs)
    expected = sum(np.bincount(e.load()[1].ravel(), minlength=3)[:3] for e in examples)
    np.testing.assert_array_equal(packed.class_counts, expected)


def test_what_is_unpacked_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = _packed(tmp_path, ((40, 50), (70, 64)))
    examples = read_data_folder(tmp_path / "数据")
    with monkeypatch.context() as context:
        context.setattr(type(examples[0]), "load", None)
        again = run_to_end(pack(examples, tmp_path / "work"))
    assert again == packed
    Image.fromarray(np.full((40, 50), 2, np.uint8)).save(examples[0].mask)
    changed = run_to_end(pack(examples, tmp_path / "work"))
    assert changed.class_counts[2] > packed.class_counts[2]
    assert changed.data_hash != packed.data_hash


def test_places_are_where_the_class_is(tmp_path: Path) -> None:
    packed = _packed(tmp_path, ((200, 300), (40, 50)))
    rng = np.random.default_rng(0)
    _, classes = packed.load(0)
    for class_id in (1, 2):
        rows, columns = np.nonzero(classes == class_id)
        for _ in range(30):
            place = packed.somewhere(0, class_id, rng)
            assert place is not None
            near = np.abs(rows - place[0]) + np.abs(columns - place[1])
            assert near.min() < 2 * BLOCK_PX


def _other_size(folder: Path) -> None:
    Image.fromarray(a_mask(30, 30)).save(folder / "masks" / "梁-1.png")


def _unknown_class(folder: Path) -> None:
    mask = a_mask(40, 50)
    mask[0, 0] = 7
    Image.fromarray(mask).save(folder / "masks" / "梁-1.png")


def _one_photo(folder: Path) -> None:
    (folder / "images" / "梁-1.png").unlink()


def _no_damage(folder: Path) -> None:
    for path in (folder / "masks").iterdir():
        Image.fromarray(np.zeros((40, 50), np.uint8)).save(path)


def _torn(folder: Path) -> None:
    path = folder / "images" / "梁-1.png"
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (_other_size, "梁-1.png is 30 x 30 px, its picture is 50 x 40 px"),
        (_unknown_class, "梁-1.png has the class 7"),
        (_one_photo, "one photo only .*梁-0.png.*Label at least two"),
        (_no_damage, "No photo has a pixel of craquelure or paint loss"),
        (_torn, "梁-1.png is not a picture"),
    ],
)
def test_bad_data_is_named_before_anything_is_learned(
    tmp_path: Path, spoil: Callable[[Path], None], complaint: str
) -> None:
    folder = _data(tmp_path / "数据", ((40, 50), (40, 50)))
    spoil(folder)
    examples = read_data_folder(folder)
    with pytest.raises(BadData, match=complaint):
        run_to_end(check(examples))
    with pytest.raises(BadData, match=complaint):
        run_to_end(pack(examples, tmp_path / "work"))
    assert not (tmp_path / "work" / "index.json").exists()


def test_a_class_that_is_nowhere_is_known(tmp_path: Path) -> None:
    folder = _data(tmp_path / "数据", ((40, 50), (40, 50)))
    for path in (folder / "masks").iterdir():
        Image.fromarray((a_mask(40, 50) == 1).astype(np.uint8)).save(path)
    pictures = run_to_end(check(read_data_folder(folder)))
    assert empty_classes(pictures) == ["paint_loss"]


def test_no_room_is_said_before_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = 10_000

    examples = read_data_folder(_data(tmp_path / "数据", ((40, 50), (40, 50))))
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Full)
    with pytest.raises(CaihuaError, match=r"needs about 0\.0 GB .* are free"):
        run_to_end(pack(examples, tmp_path / "work"))


def test_one_photo_in_two_folders_is_refused(tmp_path: Path) -> None:
    folder = _data(tmp_path / "数据", ((40, 50), (40, 50)))
    with pytest.raises(BadData, match="named by two data folders"):
        read_data_folders([folder, folder])
