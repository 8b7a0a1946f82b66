"""Where a database file lies: whether the folder can be written, how much is free, and what kind of disk it is."""

import os
import re
import shutil
import tempfile
from pathlib import Path

LITTLE_SPACE = 200 * 1024 * 1024  # bytes; below that a backup or a busy day may fill the disk
MOUNTS = Path("/proc/self/mountinfo")
# Their files are not shared memory between hosts, which SQLite's write-ahead log is built on.
NETWORK_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "ncpfs", "ceph", "lustre", "glusterfs", "beegfs", "gpfs"}
    | {"davfs", "sshfs", "9p", "ocfs2", "gfs2", "s3fs"}
)


def why_not_writable(folder: Path) -> str | None:
    """What stands against writing into a folder, in the system's words; ``None`` when nothing does."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or str(error)


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def network_kind(folder: Path) -> str | None:
    """The kind of network file system that a folder is on; ``None`` for a local disk, or where it cannot be told."""
    try:
        mounts = MOUNTS.read_text("utf-8", "replace")
    except OSError:  # not Linux
        return None
    kind = kind_of_mount(folder.resolve(), mounts)
    return kind if kind in NETWORK_KINDS else None


def kind_of_mount(folder: Path, mounts: str) -> str:
    """The file system of a folder by the table of mounts (``man 5 proc``): the deepest and, of equals, latest one."""
    found, depth = "", -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(re.sub(r"\\([0-7]{3})", lambda hit: chr(int(hit[1], 8)), before.split(" ")[4]))
        if (folder == point or point in folder.parents) and len(point.parts) >= depth:
            found, depth = after.split(" ", 1)[0].removeprefix("fuse."), len(point.parts)
    return found


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
