"""What kind of place a project lies in: shared over a network, or not to be written."""

import os
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

_SHARED_TYPES = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "coda", "9p"),
        *("ceph", "gfs2", "ocfs2", "lustre", "beegfs", "virtiofs", "vboxsf", "davfs"),
        *("fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.cifs"),
        *("fuse.glusterfs", "fuse.ceph", "fuse.gvfsd-fuse", "fuse.s3fs"),
        *("prl_fs", "fuse.prl_fsd", "fuse.vmhgfs-fuse", "fuse.onedriver"),
    }
)
_MOUNTS = Path("/proc/self/mountinfo")
_DRIVE_REMOTE = 4  # of GetDriveTypeW


def is_network_share(folder: Path) -> bool:
    """Whether another machine may hold the folder.

    Known on Linux and Windows; elsewhere False, which costs nothing but speed of
    recovery, as the exclusive lock needs no memory shared between machines.
    """
    if sys.platform == "win32":
        return _is_remote_drive(folder)
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return shared_by(mounts, PurePosixPath(os.path.realpath(folder)))


def shared_by(mounts: str, folder: PurePosixPath) -> bool:
    """Whether a table of mounts, as Linux writes it, says that a folder is shared."""
    nearest, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if "-" not in fields[6:] or len(fields) < 5:
            continue
        point = PurePosixPath(_without_octal(fields[4]))
        depth = len(point.parts)
        # Of two mounts at one place the later one hides the other.
        if depth >= nearest and folder.is_relative_to(point):
            nearest, kind = depth, fields[fields.index("-", 6) + 1]
    return kind in _SHARED_TYPES


def _without_octal(text: str) -> str:
    for code, sign in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n")):
        text = text.replace(code, sign)
    return text.replace(r"\134", "\\")


def _is_remote_drive(folder: Path) -> bool:
    drive = PureWindowsPath(os.path.realpath(folder)).drive
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - the call exists on Windows alone

        kind = ctypes.windll.kernel32.GetDriveTypeW(drive + "\\")
        return drive.startswith("\\\\") or kind == _DRIVE_REMOTE
    return False


def may_write(path: Path) -> bool:
    """Whether this person may and should write to a file or folder."""
    # An administrator may write to what is marked read-only, and yet should not.
    return bool(path.stat().st_mode & 0o222) and os.access(path, os.W_OK)
