"""`caihua doctor`: what runs on this computer, what is missing, how to mend it."""

import argparse
import importlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from resunet_core import __version__
from resunet_core.errors import CaihuaError

HELP = "Say what device, libraries and models are here, and how to mend what is not."
EXAMPLE = "caihua doctor"

ROOM_WANTED_GB = 5


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine or not, what it is, how to mend it."""

    fine: bool
    what: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no arguments of its own."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Print all findings; 1 when something must be mended."""
    del arguments
    system = f"{platform.system()} {platform.release()}"
    print(f"Caihua {__version__}, Python {platform.python_version()}, {system}")
    found = findings()
    for finding in found:
        print(f"{'ok  ' if finding.fine else 'MEND'} {finding.what}")
        if finding.mend:
            print(f"     {finding.mend}")
    return 0 if all(finding.fine for finding in found) else 1


def findings() -> list[Finding]:
    """Everything that is looked at, in order."""
    return [_look(look) for look in LOOKS]


def _look(look: Callable[[], Finding]) -> Finding:
    """What a look finds; one that fails is a finding, not the end of all others."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever is broken here is the answer
        what = look.__name__.replace("_", " ")
        kind = type(error).__name__
        return Finding(
            fine=False,
            what=f"{what}: {kind}: {error}",
            mend="Install the program again, or run python3 packaging/dev.py setup.",
        )


def look_at_libraries() -> Finding:
    """Whether every library imports, and which version it is."""
    from resunet_core.inference.openvino_engine import the_library
    from resunet_core.model.device import torch_is_here

    wanted = {
        "pyvips": "pyvips",
        "cv2": "opencv-python-headless",
        "rawpy": "rawpy",
        "pillow_heif": "pillow-heif",
        "openvino": "openvino",
    }
    if torch_is_here():  # a program for the field does without
        wanted |= {"torch": "torch", "torchvision": "torchvision"}
    with suppress(CaihuaError):  # it is imported again below, and its error said
        the_library()
    said, missing = [], []
    for module, distribution in wanted.items():
        try:
            importlib.import_module(module)
            said.append(f"{distribution} {importlib.metadata.version(distribution)}")
        except (ImportError, OSError, RuntimeError) as error:
            missing.append(f"{distribution} ({error})")
    if missing:
        return Finding(
            fine=False,
            what=f"libraries that do not load: {', '.join(missing)}",
            mend="Install the program again, or run python3 packaging/dev.py setup.",
        )
    return Finding(fine=True, what=", ".join(said))


def look_at_device() -> Finding:
    """What a detection would run on, and by which engine."""
    from resunet_core.inference.engine import load_engine
    from resunet_core.model.device import torch_is_here
    from resunet_core.model.model_file import DEFAULT_MODEL

    engine = load_engine(DEFAULT_MODEL)
    if engine.notice:
        mend = "Install the program again, or run python3 packaging/dev.py setup."
        return Finding(fine=False, what=f"{engine.use}: {engine.notice}", mend=mend)
    if engine.use.kind == "cuda":
        return Finding(fine=True, what=f"detects on {engine.use} (CUDA)")
    driver = _nvidia_driver()
    if driver is None:
        return Finding(fine=True, what=f"detects on {engine.use}; no NVIDIA GPU seen")
    what = f"detects on {engine.use} although there is an NVIDIA driver {driver}"
    if not torch_is_here():
        return Finding(fine=True, what=f"{what}: this program comes without PyTorch")
    return Finding(
        fine=False,
        what=what,
        mend="The driver is too old for this PyTorch, or PyTorch came without CUDA: "
        "update the driver, then run python3 packaging/dev.py setup.",
    )


def _nvidia_driver() -> str | None:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed command, found on the path
            [tool, "--query-gpu=driver_version", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "that does not answer"
    return answer.stdout.strip() or None if answer.returncode == 0 else None


def look_at_model() -> Finding:
    """Whether the default model is there and whole."""
    from resunet_core.model.model_file import DEFAULT_MODEL, find_model, read_model_info

    try:
        info = read_model_info(find_model(DEFAULT_MODEL))
    except CaihuaError as error:
        return Finding(fine=False, what=str(error), mend="Install the program again.")
    size = info.path.stat().st_size / 1e6
    return Finding(
        fine=True, what=f"model {info.name}: {info.config.architecture}, {size:.0f} MB"
    )


def look_at_qt() -> Finding:
    """Whether the window's toolkit is there; it is not loaded."""
    if importlib.util.find_spec("PySide6") is None:
        return Finding(
            fine=False,
            what="PySide6 is missing: no window can be opened",
            mend="Install the program again.",
        )
    version = importlib.metadata.version("PySide6-Essentials")
    display = sys.platform != "linux" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    where = "" if display else "; no display here, the command line works without"
    return Finding(fine=True, what=f"PySide6 {version}{where}")


def look_at_cache() -> Finding:
    """Whether the cache can be written and has room."""
    from resunet_core.cache import cache_dir

    try:
        folder = cache_dir("pyramids").parent
    except OSError as error:
        return Finding(
            fine=False,
            what=f"the cache folder cannot be made: {error}",
            mend="Set CAIHUA_CACHE to a folder that can be written.",
        )
    free = shutil.disk_usage(folder).free / 1e9
    room = free >= ROOM_WANTED_GB
    return Finding(
        fine=room,
        what=f"cache {folder}, {free:.0f} GB free",
        mend="" if room else "Make room, or set CAIHUA_CACHE to a larger disk.",
    )


LOOKS: tuple[Callable[[], Finding], ...] = (
    look_at_libraries,
    look_at_device,
    look_at_model,
    look_at_qt,
    look_at_cache,
)
