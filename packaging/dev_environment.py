"""The virtual environment of a checkout: where it lies, whether it is whole."""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXTRAS = ("test", "lint", "cluster")
TORCH_INDEX = "CAIHUA_TORCH_INDEX"
"""Names another package index for torch, such as that of the CUDA wheels."""


@dataclass(frozen=True)
class Environment:
    """The `.venv` of the checkout `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        """The environment itself."""
        return self.root / ".venv"

    @property
    def constraints(self) -> Path:
        """The file with the one version of every package."""
        return self.root / "packaging" / "constraints.txt"

    @property
    def stamp(self) -> Path:
        """Written last of all by a set-up that went well."""
        return self.folder / "caihua-setup.json"

    @property
    def python(self) -> Path:
        """The interpreter."""
        return self.command("python")

    def command(self, name: str) -> Path:
        """The path of an installed command."""
        if sys.platform == "win32":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name

    @property
    def site_packages(self) -> Path:
        """Where the packages lie; named even before it exists."""
        if sys.platform == "win32":
            return self.folder / "Lib" / "site-packages"
        minor = ".".join(self.version.split(".")[:2])
        return self.folder / "lib" / f"python{minor}" / "site-packages"

    @property
    def version(self) -> str:
        """The version of its Python, such as 3.11.7; empty where there is none."""
        try:
            text = (self.folder / "pyvenv.cfg").read_text("utf-8", errors="replace")
        except OSError:
            return ""
        for line in text.splitlines():
            key, _, value = line.partition("=")
            if key.strip() in {"version", "version_info"}:  # virtualenv says the second
                return value.strip()
        return ""


def project_table(root: Path) -> dict[str, Any]:
    """What `pyproject.toml` says."""
    with (root / "pyproject.toml").open("rb") as stream:
        return tomllib.load(stream)


def requirements(root: Path) -> list[str]:
    """Everything that running, testing, linting and building ask for."""
    table = project_table(root)
    project = table["project"]
    extras = [one for name in EXTRAS for one in project["optional-dependencies"][name]]
    return [*table["build-system"]["requires"], *project["dependencies"], *extras]


def fingerprint(environment: Environment) -> str:
    """A hash of all that a set-up depends on; another one means: set up again.

    Settings of tools in `pyproject.toml` are left out: they install nothing.
    """
    table = project_table(environment.root)
    parts = {
        "build": table["build-system"],
        "project": table["project"],
        "wheel": table["tool"].get("hatch", {}),
        "constraints": environment.constraints.read_text("utf-8"),
        "python": environment.version,
        "root": os.fsencode(environment.root).hex(),  # commands hold the full path
        "torch": os.environ.get(TORCH_INDEX, ""),
    }
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_stamp(environment: Environment) -> dict[str, Any]:
    """What the last set-up noted; empty where none came to its end."""
    try:
        noted = json.loads(environment.stamp.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def write_stamp(environment: Environment, noted: dict[str, Any]) -> None:
    """Note a set-up that went well, whole or not at all."""
    beside = environment.stamp.with_suffix(".new")
    beside.write_text(json.dumps(noted, indent=2), "utf-8")
    beside.replace(environment.stamp)


def clean_variables() -> dict[str, str]:
    """The variables for a command in the environment, free of other Pythons'."""
    misleading = {"PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__"}
    return {key: val for key, val in os.environ.items() if key not in misleading}


def call(
    line: Sequence[str | Path],
    *,
    variables: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> int:
    """Run a command to its end; its exit status.

    After Ctrl-C, which reaches the command too, it gets the time to tidy up that
    `subprocess.run` would not give; a second one ends it.
    """
    interrupts = 0
    with subprocess.Popen(
        line, cwd=folder, env=clean_variables() if variables is None else variables
    ) as process:
        while True:
            try:
                code = process.wait()
                break
            except KeyboardInterrupt:
                interrupts += 1
                if interrupts > 1:
                    process.terminate()
    if interrupts:
        raise KeyboardInterrupt
    return code


def works(environment: Environment, code: str) -> bool:
    """Whether the environment's Python runs `code` without an error."""
    try:
        done = subprocess.run(
            [environment.python, "-I", "-c", code],
            capture_output=True,
            check=False,
            env=clean_variables(),
        )
    except OSError:
        return False
    return done.returncode == 0
