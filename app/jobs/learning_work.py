"""What is done for a learning before and after it; loads what `learning` spares."""

import json
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication

from app.jobs.learning import (
    LearningWish,
    Outlook,
    Pace,
    Prepared,
    base_of,
    program,
)
from resunet_core.box import Box
from resunet_core.cache import cache_dir
from resunet_core.corrections import ledger
from resunet_core.corrections.advice import TeachingTile, tiles_that_teach
from resunet_core.corrections.gather import (
    add_earlier,
    gather,
    look_at_folder,
    refuse_full_disk,
)
from resunet_core.corrections.overlaps import LabelledView, contradictions, twins
from resunet_core.corrections.survey import (
    ENOUGH_TILES,
    CheckedPhoto,
    Survey,
    survey,
    truth_of,
    with_others,
)
from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID
from resunet_core.errors import CaihuaError
from resunet_core.files import write_text
from resunet_core.imaging.photo import thumbnail
from resunet_core.mask.tiled import TiledPlane
from resunet_core.model.library import (
    LEDGER,
    Version,
    install,
    library_dir,
    next_name,
    versions,
)
from resunet_core.model.model_file import find_model, read_model_info
from resunet_core.progress import Progress, Steps
from resunet_core.project.store import Project
from resunet_core.training.learn import refuse_other_words
from resunet_core.training.presets import CORRECTIONS

COMPARED_PHOTOS = 24
SIDE_PX = 900
POLL_S = 0.1
KEPT_RUNS = 3
DATA_ENDING = ".data"


def look(project: Project | None, wish: LearningWish) -> Steps[Outlook]:
    """See what there is to learn from, how it is parted, and how long it takes.

    Raises:
        CaihuaError: Nothing can be learned; why, and what to do.
    """
    start = wish.start or base_of(wish.model)
    for name in {wish.model, start}:
        refuse_other_words(name, read_model_info(find_model(name)).config)
    known = Survey(())
    if project is not None:
        known = yield from survey(project)
    checked = {p.photo_id: p.tiles for p in known.photos if p.photo_id is not None}
    for folder in wish.folders:
        known = with_others(known, (yield from look_at_folder(folder)))
    doubts = tuple(_twins(known))
    known = _once(known)
    parting = ledger.part(known.photos, ledger.Ledger.read(library_dir() / LEDGER))
    if not any(known.counts[defect.id] for defect in DEFAULT_CLASSES):
        raise CaihuaError(
            "No checked tile shows craquelure or paint loss.",
            "Check tiles that show damage as well: from sound paint alone a model "
            "learns to find nothing.",
        )
    refuse_full_disk(cache_dir("learning"), known)
    doubts += tuple(_doubts(known, parting))
    tiles: tuple[TeachingTile, ...] = ()
    if project is not None:
        doubts += yield from _contradicted(project, known)
        tiles = yield from tiles_that_teach(project, checked)
    pace = yield from measured(start, wish)
    steps = wish.steps or pace.steps_within(wish.budget_s, CORRECTIONS.plan.steps)
    wish = replace(wish, start=start)
    return Outlook(wish, known, parting, doubts, pace, steps, tiles)


def _once(known: Survey) -> Survey:
    """Each photo once: labels of a second copy would be judge and teacher at a time."""
    first: dict[str, CheckedPhoto] = {}
    for photo in known.photos:
        first.setdefault(photo.sha256, photo)
    return Survey(tuple(first.values()))


def _twins(known: Survey) -> list[str]:
    said = _said("{0} and {1} are one and the same photo; the labels of {0} count.")
    return [said.format(one, other) for one, other in twins(known.photos)]


def _said(text: str) -> str:
    return QCoreApplication.translate("Learning", text)


def _doubts(known: Survey, parting: ledger.Parting) -> list[str]:
    never = _said(
        "No checked tile shows {0}: the model keeps what it knew of it, and cannot be "
        "judged by it here."
    )
    said = [
        never.format(defect.name_en.lower())
        for defect in DEFAULT_CLASSES
        if not known.counts[defect.id]
    ]
    if parting.by_region:
        said.append(
            _said(
                "There is one photo only. A part of it is kept apart, with a gap: that "
                "says less about other photos than a second photo would."
            )
        )
    if known.tiles < ENOUGH_TILES:
        few = _said("{0} checked tiles are few; from {1} on the model learns reliably.")
        said.append(few.format(known.tiles, ENOUGH_TILES))
    left_out = sum(photo.left_out_px for photo in known.photos)
    if left_out > 0.01 * known.known_px:
        aside = _said(
            "{0:.1f} MP out of scope or of classes of your own are left aside."
        )
        said.append(aside.format(left_out / 1e6))
    return said


def _contradicted(project: Project, known: Survey) -> Steps[tuple[str, ...]]:
    """Sentences about photos of one place that say different things."""
    views = []
    mine = [p for p in known.photos if p.photo_id is not None][:COMPARED_PHOTOS]
    if len(mine) < 2:
        return ()
    for number, photo in enumerate(mine, start=1):
        try:
            views.append(_view(project, photo))
        except CaihuaError:
            continue  # a photo that is gone is told of when it is gathered
        yield Progress(number, len(mine), photo.name)
    said = _said(
        "{0} and {1} show the same place and label it differently ({2:.0%} of the "
        "damage): correct one of them."
    )
    return tuple(
        said.format(found.one, found.other, found.share)
        for found in contradictions(views)
    )


def _view(project: Project, photo: CheckedPhoto) -> LabelledView:
    pixels = thumbnail(photo.path, SIDE_PX)
    height, width = pixels.shape[:2]
    rows, cols = photo.size
    classes = np.full((height, width), IGNORE_ID, np.uint8)
    mask = project.load_mask(photo.photo_id or 0)
    plane = TiledPlane(rows, cols)
    for key in photo.tiles:
        box = plane.tile_box(*key)
        place = Box(
            box.top * height // rows,
            box.left * width // cols,
            box.bottom * height // rows,
            box.right * width // cols,
        )
        if not place.is_empty:
            truth = truth_of(mask, box)
            size = (place.width, place.height)
            classes[place.slices] = _smaller(truth, size)
    return LabelledView(photo.name, pixels, classes)


def _smaller(truth: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Class ids made smaller so that a thin crack is not lost."""
    found = np.zeros(size[::-1], np.uint8)
    for defect in DEFAULT_CLASSES:
        there = (truth == defect.id).astype(np.float32)
        share = cv2.resize(there, size, interpolation=cv2.INTER_AREA)
        found[share > 0.1] = defect.id
    unknown = (truth == IGNORE_ID).astype(np.float32)
    found[cv2.resize(unknown, size, interpolation=cv2.INTER_AREA) > 0.5] = IGNORE_ID
    return found


def measured(model: str, wish: LearningWish) -> Steps[Pace]:
    """What learning costs here: measured by a child process, once a machine and model.

    Raises:
        CaihuaError: It cannot be measured, since the command fails; its words.
    """
    info = read_model_info(find_model(model))
    kept = cache_dir("pace") / f"{info.sha256[:24]}-{wish.device}.json"
    try:
        return Pace(**json.loads(kept.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        pass  # never measured yet
    words = ["train", "--measure", "--preset", "corrections", "--start", model]
    command = [*program(), *words, "--device", wish.device]
    began = time.monotonic()
    child = subprocess.Popen(  # noqa: S603 - this program itself
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        while child.poll() is None:
            yield Progress(0, 0, "Measuring this machine")
            time.sleep(POLL_S)
        said, complaint = child.communicate()
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    try:
        found = json.loads(said.splitlines()[-1])
        pace = Pace(
            str(found["device"]),
            str(found["architecture"]),
            float(found["step_s"]),
            float(found["judge_s_a_mp"]),
            time.monotonic() - began,
        )
    except (ValueError, LookupError, TypeError) as error:
        last = complaint.strip().splitlines()[-1:] or ["it gave no answer"]
        raise CaihuaError(
            f"The speed of this machine could not be measured: {last[0]}.",
            "`caihua doctor` says what is missing.",
        ) from error
    write_text(kept, json.dumps(vars(pace)))
    return pace


def prepare(
    project: Project | None, outlook: Outlook, shown: Path | None
) -> Steps[Prepared]:
    """Write down what is to be learned from; the command that learns it.

    From here on it is settled which photos only judge.

    Raises:
        CaihuaError: There is no room, or a photo cannot be read.
    """
    runs = cache_dir("learning")
    _forget_old(runs)
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    folder = runs / stamp
    data = yield from gather(project, outlook.known, outlook.parting, folder / "data")
    earlier = [library_dir() / f"{v.name}{DATA_ENDING}" for v in reversed(versions())]
    add_earlier(data, [path for path in earlier if path.is_dir()])
    outlook.parting.ledger.write(library_dir() / LEDGER)
    wish = outlook.wish
    command = [
        *program(),
        *("train", "--preset", "corrections", "--data", str(data)),
        *("--out", str(folder / "model.safetensors")),
        *("--start", wish.start, "--champion", wish.model),
        *("--device", wish.device, "--steps", str(outlook.steps)),
        *("--events", "-", "--control"),
        *wish.options,
    ]
    if shown is not None:
        kept = folder / shown.name
        shutil.copyfile(shown, kept)
        command += ["--show", str(kept)]
    return Prepared(folder, tuple(command))


def _forget_old(runs: Path) -> None:
    """Leave the newest few; what was installed is in the library."""
    old = sorted(path for path in runs.iterdir() if path.is_dir())
    for path in old[: -(KEPT_RUNS - 1)]:
        shutil.rmtree(path, ignore_errors=True)


def install_version(
    prepared: Prepared,
    outlook: Outlook,
    verdict: Mapping[str, Any],
    *,
    insisted: bool,
    notes: str,
) -> Version:
    """Make the model that was learned one of the person's own.

    Raises:
        CaihuaError: The disk is full, or the library cannot be written to.
    """
    info = read_model_info(prepared.model)
    parting = outlook.parting
    version = Version(
        next_name(),
        datetime.now().astimezone().isoformat(timespec="seconds"),
        outlook.wish.start,
        outlook.wish.model,
        info.config.data_hash,
        _names(outlook.known.photos, parting.teach),
        _names(outlook.known.photos, parting.judge),
        dict(verdict),
        insisted,
        notes,
    )
    install(prepared.model, version)
    place = library_dir() / f"{version.name}{DATA_ENDING}"
    shutil.copytree(prepared.folder / "data", place, dirs_exist_ok=True)
    return version


def _names(
    photos: Sequence[CheckedPhoto], chosen: Mapping[str, object]
) -> tuple[str, ...]:
    return tuple(photo.name for photo in photos if photo.sha256 in chosen)
