"""The system's libraries and fonts that Qt needs on Linux."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from dev_console import complain, say
from dev_environment import Environment

DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
CHINESE_FONT_PACKAGE = "fonts-noto-cjk"
NEEDED_BY = ("Qt/plugins/platforms/libqxcb.so", "Qt/plugins/platforms/libqoffscreen.so")


def missing_in(ldd_output: str) -> list[str]:
    """The libraries that `ldd` could not find, sorted."""
    lines = [line.split() for line in ldd_output.splitlines() if "not found" in line]
    return sorted({words[0] for words in lines if words[1:3] == ["=>", "not"]})


def missing_libraries(environment: Environment) -> list[str]:
    """The system's libraries that Qt's window and test platforms lack."""
    ldd = shutil.which("ldd")
    if sys.platform != "linux" or ldd is None:
        return []
    qt = environment.site_packages / "PySide6"
    files = [qt / name for name in NEEDED_BY] + sorted(qt.glob("QtWidgets*.so"))
    found = subprocess.run(
        [ldd, *files],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"LC_ALL": "C"},
    )
    return missing_in(found.stdout)


def has_chinese_font() -> bool:
    """Whether the system can show 彩画; true where that cannot be told."""
    lister = shutil.which("fc-list")
    if lister is not None:
        listed = subprocess.run(
            [lister, ":lang=zh-cn"], capture_output=True, check=False
        )
        return bool(listed.stdout.strip())
    files = [file.name.lower() for file in Path("/usr/share/fonts").rglob("*.tt?")]
    files += [file.name.lower() for file in Path("/usr/share/fonts").rglob("*.otf")]
    return any(word in name for name in files for word in ("cjk", "wqy", "han", "sc-"))


def debian_packages(libraries: Iterable[str]) -> list[str]:
    """The packages of Debian and Ubuntu that bring the libraries, sorted."""
    known = {DEBIAN_PACKAGES[name] for name in libraries if name in DEBIAN_PACKAGES}
    return sorted(known)


def advice(missing: list[str]) -> str:
    """One sentence on what a person does about missing libraries."""
    packages = debian_packages(missing)
    if shutil.which("apt-get") and packages:
        action = shlex.join(["sudo", "apt-get", "install", "-y", *packages])
        return f"No window can open before this is run once: {action}"
    return (
        f"No window can open because the system lacks {', '.join(missing)}: "
        "install them with its package manager."
    )


def provide_libraries(environment: Environment) -> list[str]:
    """Install what Qt lacks where that is allowed; what is missing still."""
    missing = missing_libraries(environment)
    if sys.platform != "linux":
        return missing
    wanted = debian_packages(missing)
    if not has_chinese_font():
        wanted.append(CHINESE_FONT_PACKAGE)
    if not wanted or shutil.which("apt-get") is None:
        return missing
    if os.geteuid() == 0:
        _apt_install(wanted)
        return missing_libraries(environment)
    if CHINESE_FONT_PACKAGE in wanted:
        say(
            "For Chinese text install a font once: "
            f"sudo apt-get install -y {CHINESE_FONT_PACKAGE}"
        )
    return missing


def _apt_install(packages: list[str]) -> None:
    """Install packages of Debian or Ubuntu as root; say so where that fails."""
    say(f"Installing for Qt: {' '.join(packages)}")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
    done = subprocess.run(install, check=False, env=quiet, stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        complain(f"apt-get could not install them; run: {shlex.join(install)}")
