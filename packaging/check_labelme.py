"""Check label files against LabelMe itself, in an environment of its own.

    caihua analyze photos/ --out results
    .venv/bin/python packaging/check_labelme.py results

LabelMe 5: `labelme_export_json` draws each STEM.json, which must equal STEM.mask.png in
every pixel. LabelMe 7, where a Python from 3.12 on is found: its strict reader must
take the files. Both: the masks become a project, which is exported as masks, as
polygons and as tiles; LabelMe's own window opens and saves each of these files;
imported again, they must change no pixel and have lost none of our keys. Needs the
network for the first run (LabelMe 5 is 0.5 GB with what it needs, LabelMe 7 another
1.2 GB) and changes nothing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from resunet_core.box import Box
from resunet_core.exchange.export import export
from resunet_core.exchange.importing import TILE_INDEX, import_labels
from resunet_core.exchange.incoming import ImportOptions
from resunet_core.exchange.sources import project_sources
from resunet_core.formats.labelme_shapes import METADATA_KEY
from resunet_core.progress import run_to_end
from resunet_core.project.store import Project

OLDER = "labelme==5.11.4"  # the newest with console scripts is before 6.0
NEWER = "labelme==7.9.1"
NEWER_NEEDS = (3, 12)
MODES = ("labelme", "labelme-polygons", "labelme-tiles")

INSIDE = Path(__file__).with_name("inside_labelme.py")


def main() -> int:
    """Check all label files of a folder; 0 when all agree."""
    options = _options()
    files = sorted(p for p in options.results.glob("*.json") if _mask_of(p).is_file())
    if not files:
        print(f"{options.results} holds no STEM.json with a STEM.mask.png.")
        return 2
    with tempfile.TemporaryDirectory(prefix="labelme-") as temporary:
        scratch = Path(temporary)
        home = options.environment or scratch
        older = _environment(home, OLDER, Path(sys.executable))
        drawn = [_exports_as_masked(older, file, scratch) for file in files]
        good = _comes_back(older, OLDER, files, scratch) and all(drawn)
        python = options.python or newer_python()
        if python is None:
            print(f"{NEWER}: not run, as no Python from 3.12 on was found.")
        else:
            newer = _environment(home, NEWER, python)
            good = _inside(newer, NEWER, "read", *map(str, files)) and good
            good = _comes_back(newer, NEWER, files, scratch) and good
    print("LabelMe agrees" if good else "LabelMe does NOT agree")
    return 0 if good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Check what `caihua analyze` wrote against LabelMe itself."
    )
    parser.add_argument("results", type=Path, help="folder that `analyze --out` wrote")
    parser.add_argument(
        "--environment", type=Path, help="keep LabelMe here for the next time"
    )
    parser.add_argument(
        "--python", type=Path, help="a Python from 3.12 on, for LabelMe 7"
    )
    return parser.parse_args()


def _mask_of(file: Path) -> Path:
    return file.with_name(f"{file.stem}.mask.png")


# LabelMe's environments


def newer_python() -> Path | None:
    """A Python that LabelMe 7 can be installed with: this one, or one on the path."""
    if sys.version_info >= NEWER_NEEDS:
        return Path(sys.executable)
    for minor in (14, 13, 12):
        found = shutil.which(f"python3.{minor}")
        # A version manager leaves names on the path behind which nothing is.
        if found and _quietly([found, "--version"]).returncode == 0:
            return Path(found)
    return None


def _environment(home: Path, requirement: str, base: Path) -> Path:
    """The interpreter of an environment that has one version of LabelMe."""
    folder = home.resolve() / requirement.replace("==", "-")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "ready").is_file():
        print(f"Installing {requirement} in {folder} ...", flush=True)
        subprocess.run([str(base), "-m", "venv", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", requirement]
        subprocess.run(pip, check=True)
        (folder / "ready").touch()
    return python


def _inside(python: Path, said_of: str, *words: str) -> bool:
    """Run a command of `inside_labelme.py`, print what it finds; whether it agrees."""
    done = _quietly([str(python), str(INSIDE), *words])
    lines = (done.stdout if done.returncode == 0 else done.stderr).splitlines()
    print(f"{said_of}: {lines[-1] if lines else 'nothing said'}", flush=True)
    return done.returncode == 0


def _quietly(command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run without a screen and without settings of the person's own."""
    with tempfile.TemporaryDirectory(prefix="labelme-home-") as home:
        own = {"QT_QPA_PLATFORM": "offscreen", "MPLBACKEND": "Agg", "HOME": home}
        environment = os.environ | own | {"USERPROFILE": home}
        environment.pop("PYTHONPATH", None)
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", env=environment, check=False
        )


# What must agree


def _exports_as_masked(python: Path, file: Path, scratch: Path) -> bool:
    """Whether LabelMe draws from the label file what the mask says."""
    name = "labelme_export_json.exe" if os.name == "nt" else "labelme_export_json"
    out = scratch / "exported" / file.stem
    out.parent.mkdir(exist_ok=True)
    done = _quietly([str(python.parent / name), str(file), "-o", str(out)])
    if done.returncode != 0:
        print(f"{file.name}: LabelMe cannot export it\n{done.stderr}")
        return False
    return _inside(python, file.name, "compare", str(out), str(_mask_of(file)))


def _comes_back(
    python: Path, version: str, files: Sequence[Path], scratch: Path
) -> bool:
    """Whether what LabelMe's window saved is imported as it was exported."""
    folder = scratch / version
    folder.mkdir()
    with Project.open(folder / "survey.caihua") as project:
        run_to_end(import_labels(project, files, ImportOptions()))
        before = masks_of(project)
        modes = [_mode_comes_back(python, version, project, mode) for mode in MODES]
        same = masks_of(project) == before
    if not same:
        print(f"{version}: the masks are NOT as before")
    return all(modes) and same


def _mode_comes_back(python: Path, version: str, project: Project, mode: str) -> bool:
    out = project.path.with_name(mode)
    run_to_end(export(project_sources(project), mode, out))
    labels = sorted(p for p in out.rglob("*.json") if p.name != TILE_INDEX)
    before = [our_keys(path) for path in labels]
    said_of = f"{version}, {mode}"
    if not _inside(python, said_of, "resave", *map(str, labels)):
        return False
    lost = sum(our_keys(p) != keys for p, keys in zip(labels, before, strict=True))
    outcome = run_to_end(import_labels(project, [out], ImportOptions()))
    changed = sum(one.changed_px for one in outcome.imported)
    refused = [reason for _, reason in outcome.failed]
    print(
        f"{said_of}: {len(outcome.imported)} photos imported again, {changed} px "
        f"changed, {lost} files lost keys of ours",
        *refused,
    )
    return not (changed or lost or refused) and bool(outcome.imported)


def masks_of(project: Project) -> dict[str, bytes]:
    """Class ids of all photos, by name."""
    return {
        photo.path.name: project.load_mask(photo.id)
        .read(Box.of(photo.height, photo.width))
        .tobytes()
        for photo in project.photos()
    }


def our_keys(path: Path) -> list[Any]:
    """What Caihua wrote along into a label file and into its shapes."""
    document = json.loads(path.read_bytes())
    holders = (document, *document["shapes"])
    return [holder.get(METADATA_KEY) for holder in holders]


if __name__ == "__main__":
    sys.exit(main())
