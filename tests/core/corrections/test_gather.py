"""From checked tiles to a data folder that teaches just what was checked."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resunet_core.box import Box
from resunet_core.corrections.gather import (
    add_earlier,
    gather,
    groups,
    look_at_folder,
)
from resunet_core.corrections.ledger import GAP_PX, Ledger, part
from resunet_core.corrections.survey import survey, with_others
from resunet_core.imaging.photo import open_photo
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.tile import TILE_PX
from resunet_core.progress import run_to_end
from resunet_core.project.checked import set_checked
from resunet_core.project.store import Project, Who
from resunet_core.training.roles import read_origins
from tests.builders import a_mask, a_photo, painted_pixels

ME = Who("person", "梁")


def corrected(folder: Path, *, width: int, checked: int, seed: int = 0) -> Project:
    """A project with one photo: cracks everywhere, its first tiles checked."""
    path = a_photo(folder, f"梁{seed}.png", height=TILE_PX, width=width, seed=seed)
    project = Project.open(folder / f"p{seed}.caihua")
    photo = open_photo(path)
    record = project.add_photo(
        path, sha256=photo.sha256, width=photo.width, height=photo.height
    )
    mask = project.load_mask(record.id)
    tiles = []
    for col in range(-(-width // TILE_PX)):
        classes = np.zeros((TILE_PX, min(TILE_PX, width - col * TILE_PX)), np.uint8)
        classes[40:44], classes[200:260, :50] = 1, 2
        tiles.append((0, col, classes))
    edit = replace_model_plane(mask, iter(tiles), "Correct")
    assert edit is not None
    project.commit(record.id, edit, who=ME)
    set_checked(project, record.id, Box(0, 0, TILE_PX, checked * TILE_PX), who=ME)
    return project


def read(folder: Path, role: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    found = {}
    for name, origin in read_origins(folder).items():
        if origin.role == role:
            found[name] = (
                np.array(Image.open(folder / "images" / name)),
                np.array(Image.open(folder / "masks" / name)),
            )
    return found


def test_one_photo_teaches_without_what_judges(tmp_path: Path) -> None:
    project = corrected(tmp_path, width=4 * TILE_PX, checked=3)
    with project:
        known = run_to_end(survey(project))
        assert known.tiles == 3
        assert known.counts[1] == 4 * 3 * TILE_PX
        parting = part(known.photos, Ledger())
        folder = run_to_end(gather(project, known, parting, tmp_path / "data"))
    (taught,), (judged,) = (
        read(folder, "teach").values(),
        read(folder, "judge").values(),
    )
    edge = 2 * TILE_PX
    assert judged[1].shape == (TILE_PX, TILE_PX)
    assert (judged[1] == 1).sum() == 4 * TILE_PX
    pixels, classes = taught
    assert set(np.unique(classes[:, : edge - GAP_PX])) == {0, 1, 2}
    assert (classes[:, edge - GAP_PX :] == 255).all()
    unseen = pixels[:, edge - GAP_PX :].reshape(-1, 3)
    assert (unseen == unseen[0]).all(), "what judges can be seen in what teaches"


def test_pictures_labelled_elsewhere_join_and_earlier_ones_stay(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    for part_of in ("images", "masks"):
        (other / part_of).mkdir(parents=True)
    mask = a_mask()
    Image.fromarray(painted_pixels(seed=4)).save(other / "images" / "a.png")
    Image.fromarray(mask).save(other / "masks" / "a.png")
    with corrected(tmp_path, width=TILE_PX, checked=1) as project:
        known = run_to_end(survey(project))
        known = with_others(known, run_to_end(look_at_folder(other)))
        parting = part(known.photos, Ledger())
        first = run_to_end(gather(project, known, parting, tmp_path / "first"))
    assert {o.role for o in read_origins(first).values()} == {"teach", "judge"}
    with corrected(tmp_path, width=2 * TILE_PX, checked=2, seed=1) as project:
        known = run_to_end(survey(project))
        parting = part(known.photos, parting.ledger)
        second = run_to_end(gather(project, known, parting, tmp_path / "second"))
    before = len(read_origins(second))
    assert add_earlier(second, [first, first]) == 2
    origins = read_origins(second)
    assert len(origins) == before + 2
    assert all((second / "masks" / name).is_file() for name in origins)


def test_tiles_that_touch_are_cut_together() -> None:
    found = groups(frozenset({(0, 0), (1, 1), (0, 3), (9, 9)}))
    assert sorted(map(sorted, found)) == [[(0, 0), (1, 1)], [(0, 3)], [(9, 9)]]


def test_what_is_out_of_scope_teaches_nothing(tmp_path: Path) -> None:
    with corrected(tmp_path, width=TILE_PX, checked=1) as project:
        mask = project.load_mask(1)
        mask.plane("scope").set_tile(0, 0, np.ones((TILE_PX, TILE_PX), np.uint8))
        with pytest.MonkeyPatch.context() as context:
            context.setattr(project, "load_mask", lambda _id: mask)
            known = run_to_end(survey(project))
    assert known.known_px == 0
    assert known.photos[0].left_out_px == TILE_PX**2
