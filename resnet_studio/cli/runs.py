"""The command `runs`: the list of runs as lines or JSON. Loads no torch, trains nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from resnet_studio.cli import text
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.listing import BrokenRun, RunInfo, list_runs
from resnet_studio.runs.spec import spec_to
from resnet_studio.runs.spec_words import spec_words


def run_runs(words: list[str]) -> int:
    """List the runs of a folder, newest first."""
    parser = Parser("runs", "List the runs with their settings and best figures, newest first.")
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="a folder of runs (default: the program's own)"
    )
    parser.flag("--tag", metavar="TAG", help="only runs with this tag")
    parser.flag("--running", action="store_true", help="only runs that train now")
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    folder = runs_root() if values.folder is None else Path(values.folder)
    if values.folder is not None and not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Name a folder that holds runs.")
    found = list_runs(folder)
    if values.tag is not None:
        found = [info for info in found if isinstance(info, RunInfo) and values.tag in info.label.tags]
    if values.running:
        found = [info for info in found if isinstance(info, RunInfo) and info.state.is_alive]
    if values.json:
        print(json.dumps([_json(info) for info in found], indent=1))
    elif not found:
        print(f"No run trains in {folder}." if values.running else f"No runs in {folder}.")
    else:
        head = ("run", "design", "data", "state", "settings", "best", "epochs")
        print(text.harmless("\n".join(text.table(head, [_row(info) for info in found], left=5))))
    return ExitCode.DONE


def _row(info: RunInfo | BrokenRun) -> tuple[str, ...]:
    if isinstance(info, BrokenRun):
        return info.run.name, "", "", "unreadable", info.fault.what, "-", "-"
    best = "-" if info.best_accuracy is None else f"{100 * info.best_accuracy:.2f} %"
    name = f"{info.run.name} ({info.label.name})" if info.label.name else info.run.name
    epochs = f"{info.epochs_done}/{info.spec.epochs}"
    return name, info.design, info.spec.data, info.state.value, spec_words(info.spec), best, epochs


def _json(info: RunInfo | BrokenRun) -> dict[str, Any]:
    if isinstance(info, BrokenRun):
        return {"run": str(info.run.path), "state": "unreadable", "fault": str(info.fault)}
    return {
        "run": str(info.run.path),
        "name": info.label.name,
        "note": info.label.note,
        "tags": list(info.label.tags),
        "design": info.design,
        "state": info.state.value,
        "created": info.created.isoformat(),
        "epochs_done": info.epochs_done,
        "best_accuracy": info.best_accuracy,
        "best_epoch": info.best_epoch,
        "said": info.said,
        "gpu_percent": None if info.newest is None else info.newest.gpu_percent,
        "gpu_memory_bytes": None if info.newest is None else info.newest.gpu_memory_bytes,
        "spec": spec_to(info.spec),
    }
