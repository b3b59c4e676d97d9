"""Make the wheel, and see that a fresh environment can work with it alone."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bundle_contents import WHEEL_LEAVES_OUT
from dev_console import Refusal, say
from dev_environment import Environment, call

RESOURCES = "resunet_core/_resources"
NEVER = ("tests/", "packaging/", *(f"{RESOURCES}/{one}/" for one in WHEEL_LEAVES_OUT))
WHERE = (
    "import app, resunet_core as core; print(app.__file__, core.__file__, sep='\\n')"
)


def make(environment: Environment, out: Path, variables: Mapping[str, str]) -> int:
    """Make the wheel in `out` and try it; the exit status.

    Raises:
        Refusal: It could not be made, lacks something, or does not work.
    """
    with tempfile.TemporaryDirectory(prefix="caihua-wheel-") as name:
        place = Path(name)
        wheel = _built(environment, place, variables)
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
        complaints = faults(names, resource_names(environment.root))
        if complaints:
            raise Refusal(f"The wheel is not whole: {'; '.join(complaints)}.")
        _try_it(environment, wheel, place)
        kept = out / wheel.name
        shutil.copyfile(wheel, kept)
    size = kept.stat().st_size / 1e6
    say(f"Made and tried {kept}: {len(names)} files, {size:.1f} MB.")
    return 0


def resource_names(root: Path) -> set[str]:
    """The resources that belong into a wheel, as it names them."""
    resources = root / "resources"
    inside = (p.relative_to(resources) for p in resources.rglob("*") if p.is_file())
    return {
        f"{RESOURCES}/{path.as_posix()}"
        for path in inside
        if path.parts[0] not in WHEEL_LEAVES_OUT
    }


def faults(names: Iterable[str], resources: set[str]) -> list[str]:
    """What a wheel of these files lacks, or has and should not."""
    have = set(names)
    missing = sorted((resources | {"app/__main__.py"}) - have)
    extra = sorted(name for name in have if name.startswith(NEVER))
    said = [f"{name} is missing" for name in missing]
    return said + [f"{name} does not belong there" for name in extra]


def _built(environment: Environment, place: Path, variables: Mapping[str, str]) -> Path:
    line: list[str | Path] = [environment.python, "-m", "pip", "wheel", "--quiet"]
    line += ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", place]
    code = call([*line, environment.root], variables=variables, folder=place)
    made = list(place.glob("caihua-*.whl"))
    if code != 0 or len(made) != 1:
        raise Refusal("The wheel could not be made, for the reason given above.")
    return made[0]


def _try_it(environment: Environment, wheel: Path, place: Path) -> None:
    """Install it into an environment of its own, and let it work outside the tree.

    The packages that it needs are read from the project's environment, whose link to
    this checkout no other environment follows, so that nothing is downloaded.
    """
    folder = place / "fresh"
    make_it = (environment.python, "-m", "venv", "--without-pip", folder)
    _succeed(make_it, place, "make an environment")
    fresh = _site_packages(environment, folder)
    needed = os.path.relpath(environment.site_packages, fresh)
    (fresh / "needed.pth").write_text(f"{needed}\n", "utf-8")
    programs = folder / environment.python.parent.name
    python = programs / environment.python.name
    install: list[str | Path] = [environment.python, "-m", "pip", "--python", python]
    install += ["install", "--quiet", "--no-deps", "--no-index", wheel]
    _succeed(install, place, "install")
    said = _succeed([python, "-I", "-c", WHERE], place, "import")
    if not all(Path(line).is_relative_to(fresh) for line in said.split("\n")):
        raise Refusal(f"The environment of the wheel imports {said}, not the wheel.")
    caihua = programs / environment.command("caihua").name
    samples = fresh / "resunet_core" / "_resources" / "samples" / "images"
    sample = min(samples.iterdir())
    say(_succeed([caihua, "--version"], place, "start"))
    say(_succeed([caihua, "doctor"], place, "doctor"))
    results = place / "results"
    say(_succeed([caihua, "analyze", sample, "--out", results], place, "analyze"))
    if not (results / "report.pdf").is_file():
        raise Refusal("The wheel analysed a sample and wrote no report.")


def _site_packages(environment: Environment, folder: Path) -> Path:
    return folder / environment.site_packages.relative_to(environment.folder)


def _succeed(line: Sequence[str | Path], place: Path, what: str) -> str:
    """What a command said, which must go well with an empty home."""
    home = place / "home"
    home.mkdir(exist_ok=True)
    homes = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"), str(home))
    kept = {key: val for key, val in os.environ.items() if key[:6] != "PYTHON"}
    done = subprocess.run(
        line,
        capture_output=True,
        check=False,
        cwd=place,
        encoding="utf-8",
        errors="replace",
        env=kept | homes | {"PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen"},
    )
    if done.returncode != 0:
        print(done.stdout, done.stderr, file=sys.stderr)
        raise Refusal(f"The wheel cannot {what}, for the reason given above.")
    return done.stdout.strip()
