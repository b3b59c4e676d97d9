"""Make the virtual environment, or mend it, or see at once that it is ready."""

import os
import platform
import shutil
import sys
from pathlib import Path

import dev_qt
from dev_console import Refusal, complain, say
from dev_environment import (
    TORCH_INDEX,
    Environment,
    call,
    clean_variables,
    fingerprint,
    read_stamp,
    requirements,
    works,
    write_stamp,
)

GB = 1_000_000_000
NEEDED_GB = 10 if sys.platform == "linux" else 4
"""Room for the packages and, while they come, for their downloads (9 GB, measured)."""
CACHE_GB = 3
"""Room that pip's cache of the downloads takes beside that."""
TORCH_WORKS = (
    "import torch, torchvision;"
    "torchvision.ops.nms(torch.tensor([[0., 0., 1., 1.]]), torch.tensor([1.]), 0.5)"
)
CUDA_HINT = f"""\
This computer has an NVIDIA card, and the usual torch for Windows does not use it.
To use it: on PyTorch's page "Get Started" choose Windows, Pip and CUDA, set the
variable {TORCH_INDEX} to the address shown there after --index-url, and run
setup again."""


def ensure(environment: Environment) -> None:
    """Bring the environment to what the project asks for; at once where it is.

    Raises:
        Refusal: It cannot be done before a person mends something.
    """
    noted = read_stamp(environment)
    if noted.get("fingerprint") == fingerprint(environment) and _starts(environment):
        if noted["missing_libraries"]:
            missing = dev_qt.missing_libraries(environment)
            _note(environment, missing)
            _warn_of(missing)
        return
    environment.stamp.unlink(missing_ok=True)
    _check_machine()
    _make_folder(environment)
    _check_disk(environment)
    _install(environment, noted.get("torch_index", ""))
    say("Checking Qt and torch.")
    missing = dev_qt.provide_libraries(environment)
    if not works(environment, TORCH_WORKS):
        raise Refusal(
            "The installed torch and torchvision do not work together: "
            "delete the folder .venv and run setup again."
        )
    _note(environment, missing)
    _warn_of(missing)


def _note(environment: Environment, missing: list[str]) -> None:
    noted = {
        "fingerprint": fingerprint(environment),
        "missing_libraries": missing,
        "torch_index": os.environ.get(TORCH_INDEX, ""),
    }
    write_stamp(environment, noted)


def _warn_of(missing: list[str]) -> None:
    if missing:
        complain(dev_qt.advice(missing))


def _starts(environment: Environment) -> bool:
    """Whether interpreter and command are there, without starting them."""
    if sys.platform == "win32":  # the interpreter is a copy that needs its original
        home = environment.folder / "pyvenv.cfg"
        lines = home.read_text("utf-8", errors="replace").splitlines()
        original = [ln.partition("=")[2].strip() for ln in lines if ln[:4] == "home"]
        if not all(Path(folder).is_dir() for folder in original):
            return False
    return environment.python.exists() and environment.command("caihua").exists()


def _check_machine() -> None:
    if sys.maxsize < 2**32:
        raise Refusal("This Python is a 32-bit one and torch needs a 64-bit Python.")
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        raise Refusal(
            "Current torch needs Apple silicon and a Python made for it; "
            "this Python runs as an Intel program."
        )


def _check_disk(environment: Environment) -> None:
    if (environment.site_packages / "torch" / "version.py").exists():
        return  # the bulk is there already
    free = shutil.disk_usage(environment.root).free / GB
    if free < NEEDED_GB:
        raise Refusal(
            f"Setting up needs {NEEDED_GB} GB free on the disk of {environment.root} "
            f"and there are {free:.1f}: make room and run it again."
        )


def _make_folder(environment: Environment) -> None:
    """Leave a `.venv` whose Python runs and has pip."""
    folder = environment.folder
    if folder.exists() and any(folder.iterdir()):
        if _is_usable(environment):
            return
        if not (folder / "pyvenv.cfg").exists() and not environment.python.exists():
            raise Refusal(f"{folder} is no virtual environment: move it away first.")
        if Path(sys.prefix).resolve() == folder.resolve():
            raise Refusal(
                "The environment .venv is damaged and runs this very script: "
                "run it with the Python of the system."
            )
        say("Mending .venv, which was left unfinished.")
    version = ".".join(map(str, sys.version_info[:3]))
    say(f"Making .venv with Python {version}.")
    make: list[str | Path] = [sys.executable, "-m", "venv", "--clear", folder]
    if call(make, variables=clean_variables() | {"PYTHONUTF8": "1"}) != 0:
        raise Refusal(
            "Python could not make a virtual environment: on Debian and Ubuntu run "
            f"apt-get install python{version.rpartition('.')[0]}-venv, "
            "elsewhere install Python again."
        )


def _is_usable(environment: Environment) -> bool:
    """Whether the Python there is new enough and has a whole pip, given one if not."""
    point_to_checkout(environment)
    if not works(environment, "import sys; assert sys.version_info >= (3, 11)"):
        return False
    remove_half_installed(environment)
    has_pip = "import importlib.metadata as m; assert m.distribution('pip').files"
    give_pip = "import ensurepip; ensurepip.bootstrap(upgrade=True)"
    return works(environment, has_pip) or works(environment, give_pip)


def _install(environment: Environment, torch_before: str) -> None:
    """Install every package in its one version, then the project itself."""
    index = os.environ.get(TORCH_INDEX, "")
    if sys.platform == "win32" and not index and shutil.which("nvidia-smi"):
        say(CUDA_HINT)
    say("Installing the packages (6 to 7 GB on Linux, where torch brings CUDA).")
    # Nothing compiles here, so a Python without wheels is told so at once. pyvips
    # alone comes as source only; without a libvips beside it, that is plain Python.
    pinned = ["--only-binary", ":all:", "--no-binary", "pyvips"]
    if index or torch_before:
        source = ["--index-url", index] if index else []
        # The same version from another index looks to pip like the one it has.
        force = ["--force-reinstall"] if index != torch_before else []
        pip(environment, *pinned, *source, *force, "--no-deps", "torch", "torchvision")
    pip(environment, *pinned, *requirements(environment.root))
    say("Installing Caihua from this folder.")
    built_here = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    pip(environment, *built_here, "--editable", environment.root)
    point_to_checkout(environment)


def point_to_checkout(environment: Environment) -> None:
    """Name the checkout to Python by a relative path, where it is named at all.

    Python 3.11 reads the file in the system's encoding and not in UTF-8, so that the
    full path of a folder with a Chinese name would be lost, or even stop Python.
    """
    file = environment.site_packages / "_caihua.pth"
    if file.exists():
        file.write_text(os.path.relpath(environment.root, file.parent), "ascii")


def remove_half_installed(environment: Environment) -> None:
    """Let pip see as missing what it was killed in the midst of installing.

    RECORD is what pip writes last; until then a package may lack files.
    """
    for folder in environment.site_packages.glob("*.dist-info"):
        if not (folder / "RECORD").exists():
            shutil.rmtree(folder)


def pip(environment: Environment, *arguments: str | Path) -> None:
    """Install into the environment, in the versions of the constraints file.

    Raises:
        Refusal: pip could not.
    """
    # The temporary folder of the system is often memory, and too small.
    downloads = environment.folder / "downloads"
    downloads.mkdir(exist_ok=True)
    constraints = str(environment.constraints.relative_to(environment.root))
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(downloads))
    manners = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_USER": "0",
        "PYTHONUTF8": "1",  # or no folder of another alphabet where LC_ALL is C
        # Also for the tools that build pyvips; pip 25.3 knows the second name only.
        # Relative, as pip takes a space in the path for the end of it.
        "PIP_CONSTRAINT": constraints,
        "PIP_BUILD_CONSTRAINT": constraints,
        # pyvips must bind to the libvips of its wheel, not to the system's.
        "PKG_CONFIG_LIBDIR": str(downloads),
        "PKG_CONFIG_PATH": "",
    }
    free = shutil.disk_usage(environment.root).free / GB
    if free < NEEDED_GB + CACHE_GB:
        manners["PIP_NO_CACHE_DIR"] = "1"
    try:
        code = call(
            [
                environment.python,
                "-I",
                "-X",
                "utf8",
                "-m",
                "pip",
                "install",
                *arguments,
            ],
            variables=clean_variables() | places | manners,
            folder=environment.root,
        )
    finally:
        shutil.rmtree(downloads, ignore_errors=True)
    if code != 0:
        raise Refusal(
            "The packages could not be installed, for the reason that pip gives above: "
            "see to it (often the network or the disk) and run the same command again; "
            "what is done is kept."
        )
