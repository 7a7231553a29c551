"""Writing a file: the old one survives a full disk, a limit, missing rights; links and odd targets are kept."""

import errno
import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio.design import atomic
from resnet_studio.design.atomic import replace_atomically, write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import read_design, write_design
from resnet_studio.design.presets import preset

OLD = b"the good old file"
as_user = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")


def _only(folder: Path, *names: str) -> bool:
    return sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_a_new_file_and_a_replaced_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"one")
    assert path.read_bytes() == b"one"
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert _only(tmp_path, "a.json")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(OLD)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(StudioError, match=r"No space left.*disk is full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == OLD
    assert _only(tmp_path, "a.json")


def test_a_limit_on_file_size_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(OLD)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (1000, before[1])
    )  # Python ignores SIGXFSZ, so a write fails as EFBIG
    try:
        with pytest.raises(StudioError, match=r"a\.json could not be written \(File too large\)"):
            write_atomically(path, bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == OLD
    assert _only(tmp_path, "a.json")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_device_that_is_full_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(OLD)

    def write(temporary: Path) -> None:
        temporary.symlink_to("/dev/full")
        with temporary.open("wb") as file:
            file.write(b"new")

    with pytest.raises(StudioError, match="disk is full"):
        replace_atomically(path, write)
    assert path.read_bytes() == OLD
    assert _only(tmp_path, "a.json")


def test_whoever_dies_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(OLD)
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom resnet_studio.design.atomic import replace_atomically\n"
        "def write(temporary):\n    temporary.write_bytes(b'half')\n    os._exit(9)\n"
        "replace_atomically(Path(sys.argv[1]), write)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, path], check=False)
    assert ended.returncode == 9
    assert path.read_bytes() == OLD


def test_an_error_of_the_writer_itself_passes_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(OLD)

    def write(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replace_atomically(path, write)
    assert path.read_bytes() == OLD
    assert _only(tmp_path, "a.json")


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_bytes(OLD)
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_link_to_nothing_makes_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "target.json")
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "target.json").read_bytes() == b"new"


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises(StudioError, match="circle"):
        write_atomically(one, b"new")
    assert one.is_symlink()


def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(StudioError, match="not a regular file"):
        write_atomically(pipe, b"new")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_not_replaced() -> None:
    with pytest.raises(StudioError, match="/dev/null is not a regular file"):
        write_atomically(Path(os.devnull), b"new")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="is a folder"):
        write_atomically(tmp_path, b"new")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing/a.json", "folder does not exist"),
        ("file/a.json", "part of the path is a file"),
        ("x" * 300, "shorter"),
    ],
)
def test_a_path_that_cannot_be_is_told(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(StudioError, match=reason):
        write_atomically(tmp_path / name, b"new")
    assert _only(tmp_path, "file")


@as_user
def test_a_read_only_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(OLD)
    path.chmod(0o444)
    with pytest.raises(StudioError, match="may not write"):
        write_atomically(path, b"new")
    assert path.read_bytes() == OLD


@as_user
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(StudioError, match="may not write"):
            write_atomically(tmp_path / "a.json", b"new")
    finally:
        tmp_path.chmod(0o755)


def test_missing_rights_as_another_user(tmp_path: Path) -> None:
    """As root, who may write everywhere, a child gives its rights away first."""
    if os.geteuid() != 0:
        pytest.skip("the tests above do this without root")
    path = tmp_path / "a.json"
    path.write_bytes(OLD)
    path.chmod(0o644)
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom resnet_studio.design.atomic import write_atomically\n"
        "from resnet_studio.design.errors import StudioError\nos.setgid(65534); os.setuid(65534)\n"
        "try:\n    write_atomically(Path(sys.argv[1]), b'new')\nexcept StudioError as error:\n    print(error)\n"
    )
    for folder in [tmp_path, *tmp_path.parents][:3]:
        folder.chmod(0o755)
    ended = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=False)
    assert "may not write there" in ended.stdout, ended.stderr
    assert path.read_bytes() == OLD
    assert _only(tmp_path, "a.json")


def test_names_with_odd_bytes_are_names(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"r\xe9sum\xe9 \xe2\x80\xae.resnet.json")
    write_design(path, preset("resnet18"))
    assert read_design(path) == preset("resnet18")


def test_a_read_only_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There even removing what does not exist fails, as Linux looks at the disk before it looks for the name."""

    def read_only(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    with monkeypatch.context() as disk:
        disk.setattr(Path, "open", read_only)
        disk.setattr(Path, "unlink", read_only)
        with pytest.raises(StudioError, match="disk is read-only"):
            write_atomically(tmp_path / "a.json", b"new")


def test_a_disk_that_syncs_no_folders_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        sync(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", files_only)
    write_atomically(tmp_path / "a.json", b"new")
    assert (tmp_path / "a.json").read_bytes() == b"new"


def test_a_private_file_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(OLD)
    path.chmod(0o600)
    write_atomically(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["n" * 250, "漢" * 80, "🙂" * 60])
def test_a_long_name_leaves_room_for_the_temporary_one(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
