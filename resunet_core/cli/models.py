"""`caihua models`: every architecture, every installed model."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from resunet_core.files import write_text
from resunet_core.model.model_file import ModelInfo, look_at_models

HELP = "List the architectures and the installed models."
EXAMPLE = "caihua models --json models.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", type=Path, metavar="FILE")


def run(arguments: argparse.Namespace) -> int:
    """Print both lists; write them as JSON if asked."""
    from resunet_core.model.cost import network_cost
    from resunet_core.model.registry import ARCHITECTURES

    architectures = [
        {"name": name, **asdict(network_cost(name))} for name in ARCHITECTURES
    ]
    good, bad = look_at_models()
    models = [_as_json(info) for info in good]
    print(f"{'architecture':18}{'parameters':>14}{'GMAC at 512 px':>18}")
    for row in architectures:
        print(f"{row['name']:18}{row['parameters']:>14,}{row['gmac']:>18.1f}")
    print("\ninstalled models")
    for model in models:
        print(f"  {model['name']}: {model['architecture']}, {model['path']}")
        for note in model["notes"]:
            print(f"    {note}")
    for error in bad:
        print(f"  not usable: {error}")
    if not models:
        print("  none")
    if arguments.json is not None:
        document = {"architectures": architectures, "models": models}
        text = json.dumps(document, ensure_ascii=False, indent=2)
        write_text(arguments.json, text + "\n")
    return 0


def _as_json(info: ModelInfo) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(info.config.to_json())
    return {
        "name": info.name,
        "path": str(info.path),
        "sha256": info.sha256,
        **described,
    }
