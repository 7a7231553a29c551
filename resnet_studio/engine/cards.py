"""How busy and how full the graphics cards are, asked of NVIDIA's driver in a thread of its own. Knows no training.

The driver's library (NVML) is called directly: its Python package costs every import of torch a tenth of a second, on machines
without a card too. No step ever waits for an answer, and a card that does not answer is told of as None.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch

EVERY_SECONDS = 1.0
_LIBRARY = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of all cards: use in percent, bytes used by whatever programs; None where not every card tells."""

    percent: tuple[float, ...] | None = None
    memory: tuple[int, ...] | None = None


Gauge = Callable[[], Look]


def nothing() -> Look:
    """What is known of cards where there are none."""
    return Look()


class _Rates(ctypes.Structure):
    """nvmlUtilization_t: percents of the last sample period (a sixth of a second to one)."""

    _fields_ = (("gpu", ctypes.c_uint), ("memory", ctypes.c_uint))


class _Bytes(ctypes.Structure):
    """nvmlMemory_t."""

    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


class Cards:
    """Some cards of this machine, as the driver knows them.

    Args:
        library: NVML, begun.
        uuids: of the cards, as torch tells them: whatever CUDA_VISIBLE_DEVICES renumbers, these stay.

    Raises:
        LookupError: the driver does not know one of them.
    """

    def __init__(self, library: Any, uuids: Sequence[str]) -> None:
        self._library = library
        self._handles = [self._found(uuid) for uuid in uuids]

    def _found(self, uuid: str) -> ctypes.c_void_p:
        handle = ctypes.c_void_p()
        bare = uuid.removeprefix("GPU-").removeprefix("MIG-")
        # A part of a card (MIG) has an identity of its own.
        for kind in ("GPU", "MIG"):
            name = f"{kind}-{bare}".encode()
            if self._library.nvmlDeviceGetHandleByUUID(name, ctypes.byref(handle)) == 0:
                return handle
        raise LookupError(uuid)

    def look(self) -> Look:
        """Ask every card; some tenths of a millisecond each."""
        percent: list[float] = []
        memory: list[int] = []
        for handle in self._handles:
            rates, held = _Rates(), _Bytes()
            if self._library.nvmlDeviceGetUtilizationRates(handle, ctypes.byref(rates)) == 0:
                percent.append(float(rates.gpu))
            if self._library.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(held)) == 0:
                memory.append(int(held.used))
        whole = len(self._handles)
        return Look(
            tuple(percent) if len(percent) == whole else None, tuple(memory) if len(memory) == whole else None
        )


def driver() -> Any | None:
    """The driver's library, begun; None where there is none, as on any machine without such a card."""
    try:
        library = ctypes.CDLL(_LIBRARY)
        return library if library.nvmlInit_v2() == 0 else None
    except (OSError, AttributeError):
        return None


@contextmanager
def watching(numbers: Sequence[int]) -> Generator[Gauge, None, None]:
    """Gives a function that tells what was seen last of the cards with these numbers of torch's; nobody waits in it.

    Args:
        numbers: none of them on a processor, which is looked at by nobody.
    """
    library = driver() if numbers else None
    if library is None:
        yield nothing
        return
    try:
        cards = Cards(library, [uuid_of(number) for number in numbers])
    except LookupError:
        yield nothing
        return
    with watched(cards.look) as gauge:
        yield gauge


def uuid_of(number: int) -> str:
    """What the driver tells a card by, whatever number it has."""
    return str(torch.cuda.get_device_properties(number).uuid)


@contextmanager
def watched(look: Gauge, every: float = EVERY_SECONDS) -> Generator[Gauge, None, None]:
    """Calls `look` at once and then every so many seconds in a thread, and gives a function that tells its last answer."""
    seen, over = [Look()], threading.Event()

    def watch() -> None:
        while True:
            seen[0] = look()
            if over.wait(every):
                return

    thread = threading.Thread(target=watch, name="graphics cards", daemon=True)
    thread.start()
    try:
        yield lambda: seen[0]
    finally:
        over.set()
        thread.join()


def totals(numbers: Sequence[int]) -> tuple[int, ...] | None:
    """Bytes of memory of the cards with these numbers; None where there are none."""
    if not numbers:
        return None
    return tuple(int(torch.cuda.get_device_properties(number).total_memory) for number in numbers)
