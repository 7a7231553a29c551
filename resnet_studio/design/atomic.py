"""Writing a file so that the old one survives anything: temporary file beside it, flush, fsync, replace.

Not QSaveFile: on a full disk a short write returns there, and its commit replaces the good file with the stump.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, whole or not at all.

    Raises:
        StudioError: the target cannot be written; the old file is untouched.
    """

    def write(temporary: Path) -> None:
        with temporary.open("xb") as file:
            written = file.write(data)
            if written != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(temporary))
            file.flush()
            os.fsync(file.fileno())

    replace_atomically(path, write)


def replace_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a temporary file beside `path`, then put it in place. `write` must flush and fsync.

    Raises:
        StudioError: the target cannot be written; the old file is untouched, the temporary one is gone.
    """
    target = _target(path)
    # Cut, for a name may have 255 bytes, and a letter up to four of them.
    temporary = target.with_name(f".{target.name[:50]}.{os.urandom(4).hex()}.tmp")
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        write(temporary)
        if target.exists():
            shutil.copymode(target, temporary)  # a private file stays private
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _as_studio_error(path, error) from error
    finally:
        # On a read-only disk even removing what is not there fails; the error above has said what is wrong.
        with contextlib.suppress(OSError):
            temporary.unlink()


def _target(path: Path) -> Path:
    """The file that is to be replaced. A link is written through, as an editor would: replacing it would cut it off."""
    try:
        # RuntimeError: what Python before 3.13 raises for links that run in a circle.
        target = path.resolve() if path.is_symlink() else path
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    except (OSError, RuntimeError) as error:
        reason = error if isinstance(error, OSError) else OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        raise _as_studio_error(path, reason) from error
    if stat.S_ISDIR(mode):
        raise StudioError(tr("{path} is a folder.", path=path), tr("Choose a file name."))
    if not stat.S_ISREG(mode):
        # Replacing it would put a plain file where a device or a pipe was: /dev/null, for one.
        raise StudioError(tr("{path} is not a regular file.", path=path), tr("Choose another name."))
    return target


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where that can be asked for: Windows has no such call, nor have some network disks.

    The new file is in place by now: what fails here must not be told as "the old file is untouched".
    """
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_REMEDIES = {
    errno.ENOSPC: tr("The disk is full: free some space, or choose another place."),
    errno.EDQUOT: tr("Your disk quota is used up: free some space, or choose another place."),
    errno.EACCES: tr("You may not write there: choose another place."),
    errno.EPERM: tr("You may not write there: choose another place."),
    errno.EROFS: tr("That disk is read-only: choose another place."),
    errno.ENOENT: tr("The folder does not exist: create it, or choose another place."),
    errno.ENOTDIR: tr("A part of the path is a file: choose another place."),
    errno.EFBIG: tr("It is larger than files may be here: choose another place."),
    errno.ELOOP: tr("Its links run in a circle: choose another name."),
    errno.ENAMETOOLONG: tr("The name is too long: choose a shorter one."),
}


def _as_studio_error(path: Path, error: OSError) -> StudioError:
    reason = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, "Choose another place.")
    return StudioError(tr("{path} could not be written ({reason}).", path=path, reason=reason), remedy)
