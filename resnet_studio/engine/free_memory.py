"""How much memory a device has left, without taking any of it: asking torch would put a context of its own on the card. Knows no run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch

from resnet_studio.engine import children
from resnet_studio.engine.device import choose_device
from resnet_studio.runs.results import Memory

_SECONDS = 10
_CGROUPS = Path("/sys/fs/cgroup")
# Of versions 1 and 2: the files with the limit, what is used, what it is used for, and the line on what can be had back.
SHARES = (
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat", "total_inactive_file"),
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
)


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
    shares = [found for found in map(share, _own_groups()) if found is not None]
    return min([free, *(left for left, _ in shares)]), min([total, *(limit for _, limit in shares)])


def _own_groups() -> list[Path]:
    """Where this process stands among the control groups: version 2's one hierarchy, and version 1's for memory."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    parts = [line.split(":", 2) for line in lines if line.count(":") >= 2]
    two = [_CGROUPS / place.lstrip("/") for number, kinds, place in parts if number == "0" and not kinds]
    one = [
        _CGROUPS / "memory" / place.lstrip("/") for _, kinds, place in parts if "memory" in kinds.split(",")
    ]
    # Seen from inside a container, its own group is the root.
    return [*two, *one, _CGROUPS, _CGROUPS / "memory"]


def share(group: Path) -> tuple[int, int] | None:
    """(left, limit) of a control group; what lies in the file cache can be had. None where nothing limits it."""
    for limited, used, told, cache in SHARES:
        try:
            limit = int((group / limited).read_text(encoding="ascii"))
            taken = int((group / used).read_text(encoding="ascii"))
            lines = (group / told).read_text(encoding="ascii").splitlines()
        except (OSError, ValueError):  # "max", or no such file: no limit
            continue
        cached = next((int(line.split()[1]) for line in lines if line.startswith(f"{cache} ")), 0)
        return max(0, limit - taken + cached), limit
    return None
