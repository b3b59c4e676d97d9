"""Check label files against LabelMe itself, in an environment of its own.

    caihua analyze photos/ --out results
    python3 packaging/check_labelme.py results

For each STEM.json in the folder LabelMe's `labelme_export_json` draws the labels, which
must equal STEM.mask.png in every pixel. With Python 3.12 or later the strict reader of
LabelMe 7 must take the files as well. Needs the network for the first run (LabelMe 5
is 0.5 GB with what it needs, LabelMe 7 another 1.2 GB) and changes nothing else.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

EXPORTER = "labelme==5.11.4"  # the newest with console scripts is before 6.0
STRICT_READER = "labelme==7.9.1"
PYTHON_OF_STRICT_READER = (3, 12)
CLASS_IDS = "{'_background_': 0, 'craquelure': 1, 'paint_loss': 2}"

# Both run inside the environment, where numpy and Pillow are.
COMPARE = f"""
import sys
import numpy as np
from pathlib import Path
from PIL import Image
Image.MAX_IMAGE_PIXELS = None
exported, ours = Path(sys.argv[1]), Path(sys.argv[2])
names = (exported / "label_names.txt").read_text(encoding="utf-8").splitlines()
ids = np.array([{CLASS_IDS}[name] for name in names])
theirs = ids[np.array(Image.open(exported / "label.png"))]
mask = np.array(Image.open(ours))
if theirs.shape != mask.shape:
    sys.exit(f"sizes differ: {{theirs.shape}} and {{mask.shape}}")
different = int((theirs != mask).sum())
if different:
    sys.exit(f"{{different}} of {{mask.size}} pixels differ")
print(f"identical, {{mask.size}} pixels")
"""
READ_STRICTLY = """
import sys
from labelme._label_file import read_label_file
read_label_file(filename=sys.argv[1])
print("read by LabelMe 7")
"""


def main() -> int:
    """Check all label files of a folder; 0 when all agree."""
    options = _options()
    files = sorted(p for p in options.results.glob("*.json") if _mask_of(p).is_file())
    if not files:
        print(f"{options.results} holds no STEM.json with a STEM.mask.png.")
        return 2
    with tempfile.TemporaryDirectory(prefix="labelme-") as temporary:
        home = options.environment or Path(temporary)
        exporter = _environment(home, EXPORTER)
        strict = None
        if sys.version_info >= PYTHON_OF_STRICT_READER:
            strict = _environment(home, STRICT_READER)
        good = True
        for file in files:
            out = Path(temporary) / "exported" / file.stem
            good = _check_export(exporter, file, out) and good
            if strict is not None:
                good = _say(file, strict, READ_STRICTLY, str(file)) and good
    print("identical" if good else "NOT identical")
    return 0 if good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Check what `caihua analyze` wrote against LabelMe itself."
    )
    parser.add_argument("results", type=Path, help="folder that `analyze --out` wrote")
    parser.add_argument(
        "--environment", type=Path, help="keep LabelMe here for the next time"
    )
    return parser.parse_args()


def _mask_of(file: Path) -> Path:
    return file.with_name(f"{file.stem}.mask.png")


def _environment(home: Path, requirement: str) -> Path:
    """The interpreter of an environment that has one version of LabelMe."""
    folder = home.resolve() / requirement.replace("==", "-")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "ready").is_file():
        print(f"Installing {requirement} in {folder} ...", flush=True)
        venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", requirement]
        subprocess.run(pip, check=True)
        (folder / "ready").touch()
    return python


def _check_export(python: Path, file: Path, out: Path) -> bool:
    """Whether LabelMe draws from the label file what the mask says."""
    name = "labelme_export_json.exe" if os.name == "nt" else "labelme_export_json"
    out.parent.mkdir(exist_ok=True)
    command = [str(python.parent / name), str(file), "-o", str(out)]
    done = _quietly(command)
    if done.returncode != 0:
        print(f"{file.name}: LabelMe cannot export it\n{done.stderr}")
        return False
    return _say(file, python, COMPARE, str(out), str(_mask_of(file)))


def _say(file: Path, python: Path, code: str, *arguments: str) -> bool:
    """Run code in the environment, print what it finds; whether it agrees."""
    done = _quietly([str(python), "-c", code, *arguments])
    print(f"{file.name}: {(done.stdout or done.stderr).strip()}")
    return done.returncode == 0


def _quietly(command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run without a screen and without settings of the person's own."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "MPLBACKEND": "Agg"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
