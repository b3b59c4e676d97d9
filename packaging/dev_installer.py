"""The installer of this system for a program that was made: .deb, .exe or .dmg."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import dev_deb
from dev_console import Refusal, say
from dev_environment import Environment, call, project_table


def make(environment: Environment, folder: Path, variables: Mapping[str, str]) -> Path:
    """Make the installer beside the program's folder; the file.

    Raises:
        Refusal: It cannot be made here.
    """
    project = project_table(environment.root)["project"]
    icons = folder.parent / f"{folder.name}.icons"
    if sys.platform == "win32":
        made = _of_windows(environment.root, folder, icons, project["version"])
    elif sys.platform == "darwin":
        made = _of_macos(folder, variables)
    else:
        made = dev_deb.make(environment.root, folder, icons, project, variables)
    say(f"Made {made}, {made.stat().st_size / 1e6:.0f} MB.")
    return made


def _of_windows(root: Path, folder: Path, icons: Path, version: str) -> Path:
    compiler = shutil.which("iscc") or _inno_setup()
    script = root / "packaging" / "windows" / "caihua.iss"
    facts = {"Version": version, "Folder": folder, "Icons": icons, "Out": folder.parent}
    given = [f"/D{key}={value}" for key, value in facts.items()]
    name = f"{folder.name}-setup"
    if call([compiler, "/Qp", f"/F{name}", *given, script]) != 0:
        raise Refusal("Inno Setup could not make the installer, as it says above.")
    return folder.parent / f"{name}.exe"


def _inno_setup() -> Path:
    for variable in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA"):
        base = os.environ.get(variable)
        for compiler in Path(base).glob("**/Inno Setup*/ISCC.exe") if base else ():
            return compiler
    raise Refusal("Inno Setup is not installed: install it, or leave out --installer.")


def _of_macos(folder: Path, variables: Mapping[str, str]) -> Path:
    image = folder.with_name(f"{folder.name}.dmg")
    applications = folder / "Applications"
    if not applications.is_symlink():  # to drag the program there
        applications.symlink_to("/Applications")
    line = ("hdiutil", "create", "-ov", "-volname", "Caihua", "-format", "UDZO")
    if call([*line, "-srcfolder", folder, image], variables=variables) != 0:
        raise Refusal("The disk image could not be made, as hdiutil says above.")
    return image
