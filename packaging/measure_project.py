"""Measure a survey of many photos: room, opening, searching, strokes.

.venv/bin/python packaging/measure_project.py [--photos 2000] [--folder DIR]
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import DefectMask
from resunet_core.project.backups import make_backup
from resunet_core.project.places import set_place
from resunet_core.project.query import PhotoQuery, ShareRange, find_photos
from resunet_core.project.records import Detection, Place, Who
from resunet_core.project.review import set_review
from resunet_core.project.store import Project

WIDTH, HEIGHT = 6000, 4000
_DAMAGED_TILES = 16  # of the 96 of such a photo; the others are sound
_TEMPLATES = 8
_STROKES = 200

ANNA, MODEL = Who("person", "Anna"), Who("model", "resunet50", "cd" * 32)
QUERIES = {
    "all": PhotoQuery(),
    "text": PhotoQuery(text="beam 17"),
    "component": PhotoQuery(place=Place(component="architrave")),
    "share": PhotoQuery(shares=(ShareRange(1, at_least=0.004),)),
    "review": PhotoQuery(review=frozenset({"checked"})),
}


def cracked(seed: int) -> NDArray[np.uint8]:
    """A tile with some hundred thin cracks and a loss: uint8 [512, 512]."""
    rng = np.random.default_rng(seed)
    tile = np.zeros((512, 512), np.uint8)
    for _ in range(40):
        steps = rng.integers(-30, 30, (12, 2))
        line = np.cumsum(np.vstack([rng.integers(0, 512, (1, 2)), steps]), axis=0)
        cv2.polylines(tile, [line.astype(np.int32)], isClosed=False, color=1)
    centre = tuple(int(v) for v in rng.integers(0, 512, 2))
    cv2.circle(tile, centre, int(rng.integers(5, 60)), 2, -1)
    return tile


def generate(path: Path, photos: int) -> None:
    """A project with the masks of many photos of 24 megapixels."""
    templates = [cracked(seed) for seed in range(_TEMPLATES)]
    rng = np.random.default_rng(0)
    with Project.open(path) as project:
        for number in range(photos):
            record = project.add_photo(
                path.parent / f"hall {number // 200}" / f"beam {number}.jpg",
                sha256=f"{number:064x}",
                width=WIDTH,
                height=HEIGHT,
                building=f"hall {number // 200}",
            )
            places = rng.permutation(88)[:_DAMAGED_TILES]  # of 8 whole rows of 11
            tiles = [
                (int(p) // 11, int(p) % 11, templates[(number + int(p)) % _TEMPLATES])
                for p in places
                if int(p) // 11 < HEIGHT // 512
            ]
            mask = DefectMask(HEIGHT, WIDTH)
            edit = replace_model_plane(mask, tiles, "Detect")
            detection = Detection("resunet50", "cd" * 32, {"craquelure": 0.5}, {})
            if edit is not None:
                project.commit(record.id, edit, who=MODEL, detection=detection)
            component = ("architrave", "purlin", "bracket")[number % 3]
            set_place(project, [record.id], {"component": component}, who=ANNA)
        set_review(project, range(1, photos, 5), "checked", who=ANNA)


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """The middle one of some runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return round(sorted(taken)[times // 2], 1)


def opened(path: Path) -> None:
    """What must have happened before a list can be shown."""
    with Project.open(path) as project:
        find_photos(project)


def strokes(project: Project) -> dict[str, float]:
    """Milliseconds from the end of a stroke until it is on the disk."""
    mask = project.load_mask(1)
    rng = np.random.default_rng(1)
    taken = []
    for _ in range(_STROKES):
        stroke = Stroke(mask, 1, 12, "Stroke")
        x, y = rng.integers(0, 4000, 2)
        for dx, dy in rng.integers(-150, 150, (8, 2)):
            stroke.extend(x + dx, y + dy)
        edit = stroke.finish()
        if edit is None:
            continue
        start = time.perf_counter()
        project.commit(1, edit, who=ANNA)
        taken.append(1000 * (time.perf_counter() - start))
    middle, high, most = np.percentile(taken, [50, 95, 100])
    return {"median": round(middle, 1), "p95": round(high, 1), "max": round(most, 1)}


def measure_project(folder: Path, photos: int = 2000) -> dict[str, object]:
    """All figures of a generated survey."""
    path = folder / "survey.caihua"
    start = time.perf_counter()
    generate(path, photos)
    generated = time.perf_counter() - start
    figures: dict[str, object] = {
        "photos": photos,
        "megapixels each": WIDTH * HEIGHT / 1e6,
        "generated in s": round(generated, 1),
        "bytes": path.stat().st_size,
        "bytes per photo": path.stat().st_size // photos,
        "open and list ms": milliseconds(lambda: opened(path)),
    }
    with Project.open(path) as project:
        figures["query ms"] = {
            name: milliseconds(lambda query=query: find_photos(project, query))  # type: ignore[misc]
            for name, query in QUERIES.items()
        }
        figures["one mask ms"] = milliseconds(lambda: project.load_mask(2))
        figures["stroke to disk ms"] = strokes(project)
        figures["backup ms"] = milliseconds(lambda: make_backup(project), 1)
    return figures


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        figures = measure_project(Path(folder), arguments.photos)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
