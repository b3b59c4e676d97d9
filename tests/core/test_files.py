"""Files are whole or untouched, and no two photos share the names of their results."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resunet_core.errors import CaihuaError
from resunet_core.files import content_hash, replacing, unique_stems, write_text


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_failed_write_leaves_what_was_there(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    path = tmp_path / "彩画.csv"
    path.write_bytes(b"old")

    def write() -> None:
        with replacing(path) as beside:
            beside.write_bytes(b"half")
            raise failure

    with pytest.raises(failure):
        write()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_makes_its_folder_and_takes_the_old_ones_place(tmp_path: Path) -> None:
    path = tmp_path / "新" / "a.txt"
    for text in ("one\r\n", "two\n"):
        write_text(path, text)
        assert path.read_bytes() == text.encode()
    assert list(path.parent.iterdir()) == [path]
    assert content_hash(path)[:8] == "27dd8ed4"  # sha256 of "two\n"


def test_an_unwritable_place_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CaihuaError, match="could not be written") as caught:
        write_text(tmp_path / "file" / "below.txt", "")
    assert caught.value.hint


def test_names_that_are_no_text_are_written_as_escapes(tmp_path: Path) -> None:
    write_text(tmp_path / "a.json", '"\udcb2彩"')
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == '"\\udcb2彩"'


@pytest.mark.parametrize(
    ("paths", "stems"),
    [
        (["a/x.jpg", "b/x.jpg", "c/y.jpg"], ["x", "x-2", "y"]),
        (["a/x.jpg", "b/X.tif"], ["x", "X-2"]),
        (["a/a.jpg", "b/a.jpg", "c/a-2.jpg"], ["a", "a-3", "a-2"]),
        (["a-2.jpg", "a/a.jpg", "b/A.jpg"], ["a-2", "a", "A-3"]),
        (["é.jpg", "b/e\u0301.jpg"], ["é", "e\u0301-2"]),
        (["run.jpg", "RUN.png"], ["run-2", "RUN-3"]),
    ],
)
def test_equal_stems_are_numbered(paths: list[str], stems: list[str]) -> None:
    assert unique_stems([Path(p) for p in paths], reserved=("run",)) == stems


names = st.text("aAbB-23ßéE\u0301彩", min_size=1, max_size=5)


@given(st.lists(names, max_size=12))
def test_stems_are_always_unique_on_every_system(stems: list[str]) -> None:
    given_names = unique_stems([Path(f"{n}/{s}.jpg") for n, s in enumerate(stems)])
    folded = {unicodedata.normalize("NFC", name.casefold()) for name in given_names}
    assert len(folded) == len(stems)
