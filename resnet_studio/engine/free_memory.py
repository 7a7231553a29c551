"""How much memory a device has left, without taking any of it: asking torch would put a context of its own on the card. Knows no run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch

from resnet_studio.engine import children
from resnet_studio.engine.device import choose_device
from resnet_studio.runs.wire import Memory

_SECONDS = 10
_CGROUPS = Path("/sys/fs/cgroup")


def memory_of(setting: str) -> Memory:
    """The device that a setting means here, and its memory.

    Raises:
        StudioError: there is no such device.
    """
    chosen = choose_device(setting)
    kind = chosen.name.partition(":")[0]
    free, total = _of_card(torch.device(chosen.name)) if kind == "cuda" else _of_machine()
    count = torch.cuda.device_count() if setting == "all" and kind == "cuda" else 1
    return {"name": chosen.name, "label": chosen.label, "free": free, "total": total, "count": count}


def _of_card(device: torch.device) -> tuple[int | None, int | None]:
    card = torch.cuda.get_device_properties(device)
    # By its own number: what torch counts may be a part of what is there (CUDA_VISIBLE_DEVICES).
    command = [
        "nvidia-smi",
        f"--id=GPU-{card.uuid}",
        "--query-gpu=memory.free",
        "--format=csv,noheader,nounits",
    ]
    try:
        with children.watched(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        ) as child:
            told, _ = child.communicate(timeout=_SECONDS)
        return int(told.split()[0]) * 2**20, int(card.total_memory)
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return None, int(card.total_memory)


def _of_machine() -> tuple[int | None, int | None]:
    """What the system would give before it swaps, and no more than what is left of this group's share (a container's)."""
    if not sys.platform.startswith("linux"):
        return None, None
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        told = {line.partition(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith(" kB")}
        free, total = told["MemAvailable"], told["MemTotal"]
    except (OSError, ValueError, KeyError, IndexError):
        return None, None
    share = _share(_own_group())
    return (free, total) if share is None else (min(free, share[0]), min(total, share[1]))


def _own_group() -> Path:
    """This process's place in the one hierarchy of control groups (version 2)."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return _CGROUPS
    own = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), "")
    return _CGROUPS / own


def _share(group: Path) -> tuple[int, int] | None:
    """(left, limit) of a control group; what lies in the file cache can be had. None where nothing limits it."""
    try:
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        used = int((group / "memory.current").read_text(encoding="ascii"))
        lines = (group / "memory.stat").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):  # "max", or no such file: no limit
        return None
    cached = next((int(line.split()[1]) for line in lines if line.startswith("inactive_file ")), 0)
    return max(0, limit - used + cached), limit
