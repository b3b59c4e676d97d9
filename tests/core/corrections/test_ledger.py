"""What teaches and what judges: by photo, for ever, and never both."""

from pathlib import Path

import pytest

from resunet_core.corrections.ledger import Ledger, part
from resunet_core.corrections.survey import CheckedPhoto
from resunet_core.errors import BadData
from resunet_core.mask.tile import TILE_PX

SIDE = 6 * TILE_PX


def photo(name: str, tiles: int, *, losses: int = 9) -> CheckedPhoto:
    keys = frozenset((n // 6, n % 6) for n in range(tiles))
    return CheckedPhoto(
        name, Path(name), f"hash of {name}", (SIDE, SIDE), keys, {0: 9, 1: 9, 2: losses}
    )


def test_whole_photos_are_kept_apart_and_stay_so(tmp_path: Path) -> None:
    photos = [photo("a", 5), photo("b", 2), photo("c", 3, losses=0)]
    first = part(photos, Ledger())
    assert first.judge == {"hash of b": photos[1].tiles}
    assert set(first.teach) == {"hash of a", "hash of c"}
    path = tmp_path / "locked.json"
    first.ledger.write(path)
    later = part([*photos, photo("d", 12)], Ledger.read(path))
    assert photos[1].sha256 in later.judge
    assert later.ledger.taught.isdisjoint(later.ledger.locked)
    assert first.ledger.taught <= later.ledger.taught


def test_one_photo_is_parted_at_one_end() -> None:
    one = photo("a", 6)
    parting = part([one], Ledger())
    assert parting.by_region == {one.sha256}
    assert parting.judge[one.sha256] == {(0, 5)}
    assert parting.teach[one.sha256] == {(0, n) for n in range(5)}
    again = part([one, photo("b", 6)], parting.ledger)
    assert (0, 5) in again.judge[one.sha256]


def test_what_has_taught_never_judges() -> None:
    taught = Ledger(frozenset({"hash of a", "hash of b"}))
    with pytest.raises(BadData, match="have all taught a model before"):
        part([photo("a", 4), photo("b", 4)], taught)
    fresh = part([photo("a", 4), photo("b", 4), photo("c", 1)], taught)
    assert set(fresh.judge) == {"hash of c"}


@pytest.mark.parametrize(("tiles", "said"), [(0, "No tile is checked"), (1, "One ch")])
def test_too_little_is_said_before_anything_starts(tiles: int, said: str) -> None:
    with pytest.raises(BadData, match=said):
        part([photo("a", tiles)] if tiles else [], Ledger())


def test_a_damaged_ledger_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "locked.json"
    path.write_text('{"taught": 3}', "utf-8")
    with pytest.raises(BadData, match="which says which photos only judge"):
        Ledger.read(path)
