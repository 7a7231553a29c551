"""Finds and installs what a real window needs from the system; knows nothing of Python packages."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.talk import SetupError, say

# What Qt's wheel loads from the system for a window on Linux, and the Debian and Ubuntu package that brings it.
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    # Graphviz in pygraphviz's wheel:
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXrender.so.1": "libxrender1",
    "libexpat.so.1": "libexpat1",
}
PROGRAMS_FOR_TEST = {"Xvfb": "xvfb", "openbox": "openbox"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def missing_packages(*, for_tests: bool) -> list[str]:
    """Return the Debian packages whose library, program or font this machine lacks; none outside Linux."""
    if not sys.platform.startswith("linux"):
        return []
    missing: list[str] = [package for library, package in LIBRARIES.items() if not loads(library)]
    if not any(has_font(Path(folder).expanduser()) for folder in FONT_FOLDERS):
        missing.append("fonts-dejavu-core")
    if shutil.which("apt-get") and not CERTIFICATES.exists():
        missing.append("ca-certificates")
    if for_tests:
        missing += [package for program, package in PROGRAMS_FOR_TEST.items() if not shutil.which(program)]
    return missing


def loads(library: str) -> bool:
    """Tell whether the system's loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font(folder: Path) -> bool:
    """Tell whether a folder holds a font anywhere."""
    endings = (".ttf", ".otf", ".ttc")
    return any(name.lower().endswith(endings) for _, _, names in os.walk(folder) for name in names)


def set_up_system(*, for_tests: bool) -> str | None:
    """Install what is missing as root on Debian and its kin; elsewhere return the one line to type, None if none.

    Raises SetupError where the installation fails.
    """
    missing = missing_packages(for_tests=for_tests)
    if not missing:
        return None
    if not shutil.which("apt-get"):
        return "Parts of the system are missing. Install them, here by Debian's names: " + " ".join(missing)
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        return "System packages are missing. Type this line, then start again:\n    sudo " + " ".join(install)
    _install(install, missing)
    return None


def _install(install: list[str], missing: list[str]) -> None:
    say(f"system packages: {' '.join(missing)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["-o", "DPkg::Lock::Timeout=120"]
    update = _quietly(["apt-get", "update", "-qq"], env)  # an old list may still do; the installation tells
    result = _quietly([*install, *patient], env)
    if result.returncode != 0:
        reason = "\n".join((update.stdout + result.stdout).strip().splitlines()[-12:])
        raise SetupError(
            f"The system packages could not be installed:\n{reason}\n"
            f"    Check the network and the free space on the disk, then type: {' '.join(install)}"
        )


def _quietly(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run apt-get, whose hundreds of lines interest only when it fails."""
    return subprocess.run(
        command,
        env=env,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
