"""Arguments that several commands share."""

import argparse
from pathlib import Path

from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.inference.engine import ENGINES
from resunet_core.model.model_file import DEFAULT_MODEL


def add_model(parser: argparse.ArgumentParser) -> None:
    """Declare `--model`."""
    parser.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        metavar="NAME|FILE",
        help="an installed model (see `caihua models`) or a .safetensors file",
    )


def add_device(parser: argparse.ArgumentParser) -> None:
    """Declare `--device`."""
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Declare `--engine`."""
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="auto",
        help="what computes; auto takes the fastest that is as good here",
    )


def make_folder(path: Path) -> None:
    """Make the folder for results, before any work that would be lost without it.

    Raises:
        WrongUsage: It is a file.
        CaihuaError: It cannot be made.
    """
    if path.exists() and not path.is_dir():
        raise WrongUsage(f"{path} is a file, not a folder.", "Name another folder.")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CaihuaError(
            f"The folder {path} cannot be made: {error.strerror or error}.",
            "Name another folder.",
        ) from error
