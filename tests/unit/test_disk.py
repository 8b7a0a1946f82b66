"""On which kind of disk a folder is, by the kernel's table of mounts."""

from pathlib import Path

import pytest

from storage.disk import NETWORK_KINDS, kind_of_mount, why_not_writable

MOUNTS = r"""
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/root rw
23 22 0:21 / /srv rw shared:2 - nfs4 files:/srv rw,vers=4.2
24 23 0:22 / /srv/fast rw - xfs /dev/nvme1 rw
25 22 0:23 / /home/li/Team\040Disk rw,nosuid - fuse.sshfs li@files: rw
26 22 0:24 / /mnt rw - tmpfs tmpfs rw
27 22 0:25 / /mnt rw - cifs //files/all rw
""".strip()


@pytest.mark.parametrize(
    "folder, kind",
    [
        ("/", "ext4"),
        ("/var/lib/keyuan", "ext4"),
        ("/srv", "nfs4"),
        ("/srv/keyuan", "nfs4"),
        ("/srv/fast/keyuan", "xfs"),
        ("/srv/faster", "nfs4"),
        ("/home/li/Team Disk/keyuan", "sshfs"),
        ("/mnt/keyuan", "cifs"),
    ],
)
def test_the_deepest_and_latest_mount_counts(folder: str, kind: str) -> None:
    assert kind_of_mount(Path(folder), MOUNTS) == kind


def test_disks_of_this_machine_are_not_refused() -> None:
    assert NETWORK_KINDS.isdisjoint({"ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "apfs", "virtiofs"})


def test_a_folder_is_tried_not_asked(tmp_path: Path) -> None:
    assert why_not_writable(tmp_path) is None
    assert why_not_writable(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
