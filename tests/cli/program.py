"""Runs the program as a user does: a real process, its own home, everything that it says."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 300  # a machine may be busy; whoever hangs is found all the same


def command(*words: str | os.PathLike[str]) -> list[str]:
    """The command line of a call."""
    return [sys.executable, "-m", "resnet_studio", *map(os.fspath, words)]


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment in which nothing of the user's is touched, and torch takes one processor."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    own = {
        "RESNET_STUDIO_HOME": str(home),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default",
    }
    return base | own | dict(extra or {})


def run(
    *words: str | os.PathLike[str], folder: Path, env: Mapping[str, str] | None = None, **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run to the end in a folder, without a terminal."""
    return subprocess.run(
        command(*words), cwd=folder, env=environment(folder / ".home", env), stdin=subprocess.DEVNULL,
        text=True, encoding="utf-8", errors="surrogateescape", timeout=SECONDS, check=False,
        **({"capture_output": True} | more),
    )  # fmt: skip


def refusal(ended: subprocess.CompletedProcess[str], code: int = 2) -> str:
    """The one line of a command that was refused."""
    assert ended.returncode == code, (ended.returncode, ended.stdout, ended.stderr)
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("resnet-studio")
    return lines[0]
