"""How much of the processors others took while something was measured: a virtual machine's host, other programs. Linux tells; elsewhere nobody knows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

# The first line of /proc/stat in ticks: user nice system idle iowait irq softirq steal (man 5 proc_stat).
_STAT = Path("/proc/stat")
_BUSY, _STOLEN = (0, 1, 2, 5, 6), 7
NOISY = 0.05


@dataclass(frozen=True, slots=True)
class _Ticks:
    busy: int
    stolen: int
    own: float


def _ticks() -> _Ticks | None:
    try:
        counts = [int(word) for word in _STAT.read_text().split("\n", 1)[0].split()[1:]]
    except OSError:
        return None
    times = os.times()
    own = (times.user + times.system + times.children_user + times.children_system) * os.sysconf("SC_CLK_TCK")
    return _Ticks(sum(counts[i] for i in _BUSY), counts[_STOLEN], own)


class Watch:
    """From its making on; children count as our own once they have ended and were waited for."""

    def __init__(self) -> None:
        self._begin = _ticks()

    def noise(self) -> str:
        """What others took, in words, of the time for which a processor was wanted; "" where it was little or nobody knows."""
        begin, end = self._begin, _ticks()
        if begin is None or end is None:
            return ""
        busy, stolen = end.busy - begin.busy, end.stolen - begin.stolen
        wanted = busy + stolen
        if not wanted:
            return ""
        host = stolen / wanted
        others = max(0.0, busy - (end.own - begin.own)) / wanted
        shares = ((host, "the machine's host"), (others, "other programs"))
        told = [f"{100 * share:.0f} % by {whom}" for share, whom in shares if share > NOISY]
        return f"of the processors' time {' and '.join(told)}" if told else ""
