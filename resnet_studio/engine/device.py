"""What there is to compute on, what a setting like "auto" means here, and how much memory is used. Knows no data."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.torch_version import TorchVersion

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device: as torch names it and as people know it."""

    name: str
    label: str


def cpu_count() -> int:
    """Processors that this process may use; a container often allows fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def list_devices() -> list[DeviceInfo]:
    """Every device of this machine, the processor first."""
    threads = cpu_count()
    found = [DeviceInfo("cpu", f"CPU, {threads} thread{'s' if threads > 1 else ''}")]
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            card = torch.cuda.get_device_properties(index)
            found.append(DeviceInfo(f"cuda:{index}", f"{card.name}, {card.total_memory / 2**30:.0f} GiB"))
    if torch.backends.mps.is_available():
        found.append(DeviceInfo("mps", "Apple GPU"))
    return found


def choose_device(setting: str, *, local_rank: int | None = None) -> DeviceInfo:
    """The device that a setting means here: auto is the first graphics card, else the processor.

    Args:
        setting: as in TrainSpec.device; "all" means each of the processes that train together its own graphics card.
        local_rank: this process's number on its machine, where several train together.

    Raises:
        StudioError: it is not there; the message lists what is.
    """
    found = list_devices()
    if local_rank is not None and setting in ("auto", "all", "cuda") and torch.cuda.is_available():
        setting = f"cuda:{local_rank}"
    if setting in ("auto", "all"):
        return found[1] if len(found) > 1 else found[0]
    wanted = "cuda:0" if setting == "cuda" else setting
    for info in found:
        if info.name == wanted:
            return info
    there = "; ".join(f"{info.name} ({info.label})" for info in found)
    raise StudioError(
        tr("There is no device {setting} here.", setting=setting),
        tr("There is: {there}. Choose one of these, or auto.", there=there),
    )


def multiplies_bf16() -> bool:
    """Whether this processor multiplies bf16 numbers by itself; where it does not, torch takes each apart, and float32 is faster."""
    asked: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    # Of others than x86 torch tells nothing that could be relied on.
    if asked.get("architecture") != "x86_64":
        return True
    return bool(asked.get("avx512_bf16") or asked.get("amx_bf16"))


def work_on(device: torch.device) -> None:
    """Make it this process's card: what names none (pinned memory, the libraries' handles) would open the first one as well."""
    if device.type == "cuda":
        torch.cuda.set_device(device)


def exact_type(device: torch.device) -> torch.dtype:
    """The numbers that sums are made of there: float64, which Apple's cards do not have."""
    return torch.float32 if device.type == "mps" else torch.float64


def miscomputes(device: torch.device, *, version: str = torch.__version__) -> bool:
    """Whether torch computes wrongly there what lies channels last, and what is sampled by a grid: on Apple's cards, of old."""
    # Before 2.14 the backward pass of a batch norm gives wrong gradients where channels lie last, and `grid_sample` wrong images:
    # https://github.com/pytorch/pytorch/issues/175189 and https://github.com/pytorch/pytorch/issues/174339. Neither says a word.
    return device.type == "mps" and TorchVersion(version) < TorchVersion("2.14")


def memory_layout(device: torch.device, *, channels_last: bool) -> torch.memory_format:
    """How images and weights lie in memory there: as it is wanted, where torch computes rightly with it."""
    return torch.channels_last if channels_last and not miscomputes(device) else torch.contiguous_format


def put_on(network: nn.Module, device: torch.device, *, channels_last: bool) -> None:
    """Bring a network to a device, in place, its weights laid out as its images will be."""
    network.to(device)
    network.to(memory_format=memory_layout(device, channels_last=channels_last))


def peak_memory(device: torch.device) -> int:
    """Bytes used at the highest, on the device; on a CPU by the process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def free_memory(device: torch.device) -> int:
    """Bytes that could still be had, as far as the system tells; 0 when it does not."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return int(free)
    if device.type == "cpu" and hasattr(os, "sysconf") and "SC_AVPHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 0


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch says that memory ran out, on a graphics card or on the processor."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    signs = (
        "out of memory", "can't allocate memory", "not enough memory", "cannot allocate memory",
        # cuBLAS and cuDNN, which take their own; cuDNN finds no way to convolve where each would need more than there is.
        "alloc_failed", "allocation_failed", "unable to find an engine",
    )  # fmt: skip
    return isinstance(error, RuntimeError) and any(sign in text for sign in signs)


def give_back() -> None:
    """Give back to the system what torch holds in reserve on cards, which lies in pieces."""
    torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def make_deterministic(wanted: bool, *, compiles: bool = False) -> None:
    """Whether only computations are chosen that give the same bits every time; on the processor they all do.

    Where they need not be, a graphics card tries its ways to convolve and keeps the fastest for each shape.

    Args:
        wanted: whether.
        compiles: torch's compiler is used, which must not choose by a clock either.
    """
    # cuBLAS reads it when it first starts.
    if wanted:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # Nothing here reads memory that nobody wrote; filling it all the same would cost a pass over each new tensor.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    if compiles:
        torch.use_deterministic_algorithms(wanted)
    else:
        # The same without telling the compiler, which would be imported for that: 2 to 3 seconds of a run's start.
        torch.set_deterministic_debug_mode("error" if wanted else "default")
    torch.backends.cudnn.benchmark = not wanted
