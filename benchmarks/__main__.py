"""Runs the benchmarks, each in a process of its own, and prints one table. Measures nothing itself."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module

from benchmarks.measure import Result
from tools.quiet import Watch

NAMES = {
    "analysis": "arithmetic against torchinfo's full summary",
    "confirm": "torchinfo's confirmation of one edit against its full summary",
    "build": "a ResNet-152 with fresh weights against torchvision's",
    "start": "the window first shown against a bare PySide6 window",
    "edit": "from an edit to all visible views painted",
    "paint": "panning, zooming and dragging on the canvas of the deepest drawing, against a frame at 60 Hz",
    "curves": "the curves of a run with a million points: live, zoom, pan, pointer, smoothing, against a frame of 16 ms",
    "memory": "the memory that training is said to need against the peak of a real run",
    "loop": "a run's steps against hand-written loops: equal settings, plain float32; on a GPU data already there, torchvision's recipe",
    "first_step": "a run's start to its first step against importing torch and building the network",
    "training": "training with the window open and plots live against headless; lateness of the event loop",
}


def main() -> int:
    """Measure what is named, or everything; 1 where a goal was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure, side by side, as ratios."
    )
    listed = "; ".join(f"{name}: {what}" for name, what in NAMES.items())
    parser.add_argument("names", nargs="*", metavar="NAME", help=listed)
    parser.add_argument("--json", action="store_true", help="print JSON")
    values = parser.parse_args()
    unknown = [name for name in values.names if name not in NAMES]
    if unknown:
        parser.error(f"{unknown[0]} is none of {', '.join(NAMES)}")
    names = values.names or list(NAMES)
    results: list[Result] = []
    noises: list[str] = []
    for name in names:
        watch = Watch()
        results += _here(name) if len(names) == 1 else _apart(name)
        if noise := watch.noise():
            noises.append(f"{name}: meanwhile others took {noise}. Measure it again before you believe it.")
    if values.json:
        print(json.dumps([asdict(result) for result in results], indent=1))
    else:
        print("\n".join([*_table(results), *noises]))
    return 1 if any(result.met is False for result in results) else 0


def _here(name: str) -> list[Result]:
    results: list[Result] = import_module(f"benchmarks.{name}").measure()
    return results


def _apart(name: str) -> list[Result]:
    """In a fresh process: what one benchmark has loaded or warmed must not help another."""
    print(f"measuring {name}: {NAMES[name]} ...", file=sys.stderr)
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", name, "--json"], stdout=subprocess.PIPE, text=True, check=False
    )
    if ended.returncode not in (0, 1) or not ended.stdout:
        print(f"{name} failed (exit code {ended.returncode})", file=sys.stderr)
        return []
    return [Result(**entry) for entry in json.loads(ended.stdout)]


def _table(results: list[Result]) -> list[str]:
    rows = [("what", "beside", "ours", "reference", "ratio", "goal", "")]
    for result in results:
        verdict = {True: "met", False: "MISSED", None: ""}[result.met]
        rows.append(
            (
                result.what,
                result.reference,
                _amount(result.ours, result.unit),
                _amount(result.theirs, result.unit),
                f"{result.ratio:.3g}" if result.ours else "–",
                result.goal,
                verdict,
            )
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(w) if i in (0, 1, 5, 6) else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]  # fmt: skip
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    return [
        *lines,
        "",
        f"Medians; {machine}. Times are this machine's at this moment: the ratios are what travels.",
    ]


def _amount(value: float, unit: str) -> str:
    if not value:
        return "–"
    if unit != "s":
        return f"{value:,.0f} {unit}"
    if value < 1e-3:
        return f"{value * 1e6:.0f} us"
    return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


if __name__ == "__main__":
    sys.exit(main())
