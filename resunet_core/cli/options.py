"""Arguments that several commands share."""

import argparse
from pathlib import Path

from resunet_core.errors import WrongUsage
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


def existing_folder_name(path: Path) -> None:
    """Refuse a result folder that is a file.

    Raises:
        WrongUsage: It is.
    """
    if path.exists() and not path.is_dir():
        raise WrongUsage(f"{path} is a file, not a folder.", "Name another folder.")
