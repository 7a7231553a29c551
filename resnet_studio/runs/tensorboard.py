"""A run's scalars as TensorBoard's event files, beside events.jsonl. Written by hand, for the format is small and the package is not.

TFRecord (length, masked CRC-32C, protobuf Event), as in tensorflow/core/util/event.proto and lib/io/record_writer.h. One file for each start; a
resumed run tells readers to forget what it will do again, as torch's own writer does with `purge_step`.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable

from resnet_studio.runs.events import Epoch, Event, Started, Step
from resnet_studio.runs.folder import RunFolder

FOLDER = "tensorboard"
_POLYNOMIAL = 0x82F63B78
_VERSION = b"brain.Event:2"
_START = 1


def _table() -> tuple[int, ...]:
    entries = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
        entries.append(value)
    return tuple(entries)


_TABLE = _table()


def crc32c(data: bytes) -> int:
    """Castagnoli's checksum (RFC 3720, appendix B.4)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def _masked(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(data: bytes) -> bytes:
    """One TFRecord."""
    length = struct.pack("<Q", len(data))
    return length + _masked(length) + data + _masked(data)


# --- protobuf, as far as it is needed -----------------------------------------------------------------------------------


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _bytes_field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _int_field(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _event(wall: float, step: int, rest: bytes) -> bytes:
    return _varint(1 << 3 | 1) + struct.pack("<d", wall) + _int_field(2, step) + rest


def _scalars(values: dict[str, float]) -> bytes:
    """Event.summary with a value for each tag."""
    told = b""
    for tag, value in values.items():
        one = _bytes_field(1, tag.encode()) + _varint(2 << 3 | 5) + struct.pack("<f", value)
        told += _bytes_field(1, one)
    return _bytes_field(5, told)


# --- the file -----------------------------------------------------------------------------------------------------------


class Board:
    """Writes what a run says, as it says it. It is for others to read: where it cannot be written, the run goes on without.

    Args:
        run: whose scalars.
        clock: seconds since 1970.
    """

    def __init__(self, run: RunFolder, clock: Callable[[], float] = time.time) -> None:
        self._folder = run.path / FOLDER
        self._clock = clock
        self._descriptor: int | None = None
        self._given_up = False

    def add(self, event: Event) -> str:
        """Take one event; returns what people should know, once, or an empty text."""
        if self._given_up:
            return ""
        try:
            if isinstance(event, Started):
                self._begin(event.start_step)
            elif isinstance(event, Step | Epoch) and self._descriptor is not None:
                self._write(_event(self._clock(), event.step, _scalars(_values(event))))
        except (OSError, OverflowError) as error:
            self._given_up = True
            return f"No more TensorBoard files are written for this run ({error})."
        return ""

    def _begin(self, start_step: int) -> None:
        self.close()
        self._folder.mkdir(exist_ok=True)
        wall = self._clock()
        # Readers take the files in the order of their names.
        number = sum(1 for _ in self._folder.glob("events.out.tfevents.*"))
        path = self._folder / f"events.out.tfevents.{int(wall):010d}.{number:04d}.resnet-studio"
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        self._write(_event(wall, 0, _bytes_field(3, _VERSION)))
        if start_step:
            # SessionLog.START: whatever was told of this step and later ones does not count any more.
            self._write(_event(wall, start_step + 1, _bytes_field(7, _int_field(1, _START))))

    def _write(self, data: bytes) -> None:
        assert self._descriptor is not None
        whole = record(data)
        # A short write ends the file for every reader: nothing may follow it.
        if os.write(self._descriptor, whole) != len(whole):
            raise OSError("the disk is full")

    def close(self) -> None:
        """Close the file; what was written stays."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _values(event: Step | Epoch) -> dict[str, float]:
    if isinstance(event, Epoch):
        values = {"loss/validation": event.val_loss, "accuracy/validation": event.val_accuracy}
        return values if event.val_top5 is None else values | {"accuracy/validation_top5": event.val_top5}
    values = {
        "loss/training": event.loss,
        "accuracy/training": event.accuracy,
        "learning_rate": event.lr,
        "images_per_second": event.images_per_second,
    }
    cards = {f"gpu/{number}/percent": value for number, value in enumerate(event.gpu_percent or ())}
    memory = {f"gpu/{number}/memory_bytes": float(v) for number, v in enumerate(event.gpu_memory_bytes or ())}
    return values | cards | memory
