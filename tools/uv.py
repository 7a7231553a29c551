"""Finds or fetches uv, the package installer, and runs it; its version and hashes are pinned here."""

import hashlib
import html
import io
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

from tools.talk import SetupError, run, say

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".tools"
OLDEST = (0, 5)  # the first with everything that is asked of it here
VERSION = "0.13.9"
# (sys.platform, machine) -> (how the wheel's name ends, its sha256)
WHEELS = {
    ("linux", "x86_64"): (
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("linux", "aarch64"): (
        "manylinux_2_28_aarch64",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
    ("darwin", "arm64"): (
        "macosx_11_0_arm64",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
    ("win32", "amd64"): (
        "win_amd64",
        "6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b",
    ),
}


def uv(*arguments: str) -> None:
    """Run uv with its progress shown; raise SetupError with the likely cause where it fails."""
    status = run([find_uv(), *arguments], env=environment())
    if status != 0:
        raise SetupError(_why_it_failed(status))


def find_uv() -> str:
    """Return the uv on the PATH when it is recent, or else the pinned one, fetched where it is missing."""
    own = HOME / ("uv.exe" if os.name == "nt" else "uv")
    if own.exists():
        return str(own)
    found = shutil.which("uv")
    if found and _version(found) >= OLDEST:
        return found
    _fetch(own)
    return str(own)


def _version(program: str) -> tuple[int, ...]:
    """Return the version that a uv tells; () where it does not run (a shim without a version behind it)."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    numbers = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return tuple(map(int, numbers.groups())) if numbers else ()


def _fetch(target: Path) -> None:
    key = (sys.platform, platform.machine().lower())
    if key not in WHEELS:
        raise SetupError(f"No uv is pinned for {key[0]} on {key[1]}. Install uv by hand, then start again.")
    ending, sha256 = WHEELS[key]
    say(f"uv {VERSION}, the package installer")
    wheel = _download(f"uv-{VERSION}-py3-none-{ending}.whl")
    if hashlib.sha256(wheel).hexdigest() != sha256:
        raise SetupError(f"The uv that {index_url()} sent is not the pinned one. Check PIP_INDEX_URL.")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        inside = next(name for name in archive.namelist() if name.endswith(f"/scripts/{target.name}"))
        temporary = target.with_suffix(".tmp")
        temporary.write_bytes(archive.read(inside))
    temporary.chmod(0o755)
    temporary.replace(target)


def index_url() -> str:
    """Return the package index that this machine's environment names, or the public one."""
    named = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL")
    return (named or "https://pypi.org/simple").rstrip("/")


def _download(file: str) -> bytes:
    """Fetch one file of the uv project from the index, by the simple repository interface."""
    page = index_url() + "/uv/"
    trust = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT"))
    try:
        with urllib.request.urlopen(page, timeout=60, context=trust) as answer:
            links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', answer.read().decode())]
        link = next(
            (link for link in links if urllib.parse.urlparse(link).path.rsplit("/")[-1] == file), None
        )
        if link is None:
            raise SetupError(f"{page} has no {file}. Install uv by hand, then start again.")
        with urllib.request.urlopen(urllib.parse.urljoin(page, link), timeout=300, context=trust) as answer:
            return bytes(answer.read())
    except OSError as error:
        remedy = "Check the network (behind one that signs by itself, set SSL_CERT_FILE), then start again."
        raise SetupError(f"{page} cannot be read ({error}). {remedy}") from error


def environment() -> dict[str, str]:
    """Return uv's environment: this machine's index and certificates, and a cache that can be hard-linked."""
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    if "PIP_INDEX_URL" in env:
        env.setdefault("UV_DEFAULT_INDEX", env["PIP_INDEX_URL"])
    if "PIP_CERT" in env:
        env.setdefault("SSL_CERT_FILE", env["PIP_CERT"])
    env.setdefault("UV_HTTP_TIMEOUT", "300")
    env["UV_PYTHON_DOWNLOADS"] = "never"
    cache = Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uv"
    if "UV_CACHE_DIR" not in env and os.name != "nt" and _device(cache) != _device(ROOT):
        env["UV_CACHE_DIR"] = str(HOME / "uv-cache")  # torch is gigabytes: link it, do not copy it
    return env


def _device(path: Path) -> int:
    while not path.exists():
        path = path.parent
    return path.stat().st_dev


def _why_it_failed(status: int) -> str:
    free = shutil.disk_usage(ROOT).free
    if free < 500e6:
        return f"The disk is full: {free / 1e6:.0f} MB are free at {ROOT}. Make 8 GB free, then start again."
    try:
        urllib.request.urlopen(index_url() + "/uv/", timeout=15).close()
    except urllib.error.HTTPError as error:
        return f"The package index {index_url()} answers {error.code}. Check PIP_INDEX_URL, then start again."
    except OSError as error:
        return f"{index_url()} cannot be reached ({error}). Check the network, then start again."
    return f"uv ended with status {status}; its reason stands above. Start again: what is done stays done."
