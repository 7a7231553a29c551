"""What the command line tells of graphics cards, by events that were written here: no card is needed."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.cli.progress import RunView
from resnet_studio.cli.runs import run_runs
from resnet_studio.design import presets
from resnet_studio.runs.events import Started, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec
from tests.runs.said import say

STARTED = Started(
    run="r", design="d", spec=TrainSpec(epochs=1), device="cuda:0", device_label="card", params=1, train_images=1, val_images=1,
    steps_per_epoch=10, classes=("a",), start_step=0, torch="2", gpu_total_bytes=(80_000_000_000, 80_000_000_000),
)  # fmt: skip
STEP = Step(
    step=5, epoch=1, loss=1.0, accuracy=0.5, lr=0.1, images_per_second=100.0, memory_bytes=5,
    gpu_percent=(97.0, 3.0), gpu_memory_bytes=(12_300_000_000, 500_000_000),
)  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def bar(monkeypatch: pytest.MonkeyPatch, started: Started, step: Step) -> str:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "300")
    view = RunView(quiet=True)
    view.show(started)
    view.show(step)
    return terminal.getvalue()


def test_the_bar_tells_use_and_memory_of_each_card(monkeypatch: pytest.MonkeyPatch) -> None:
    told = bar(monkeypatch, STARTED, STEP)
    assert "100 images/s  GPU 97 % 12.3 GB of 80.0 GB, 3 % 500.0 MB of 80.0 GB" in told


def test_the_bar_tells_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "GPU 12.3 GB of 80.0 GB, 500.0 MB" in bar(monkeypatch, STARTED, replace(STEP, gpu_percent=None))
    assert "GPU 97 %, 3 %" in bar(monkeypatch, STARTED, replace(STEP, gpu_memory_bytes=None))
    plain = replace(STEP, gpu_percent=None, gpu_memory_bytes=None)
    assert "GPU" not in bar(monkeypatch, replace(STARTED, gpu_total_bytes=None), plain)


def test_the_list_of_runs_tells_what_was_seen_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design = presets.preset("digits_starter")
    for name, steps in (("seen", (replace(STEP, step=4, gpu_percent=(1.0, 1.0)), STEP)), ("new", ())):
        say(RunFolder.create_at(tmp_path / name, design, TrainSpec()), *steps)
    assert run_runs([str(tmp_path), "--json"]) == 0
    told = {Path(entry["run"]).name: entry for entry in json.loads(capsys.readouterr().out)}
    assert told["seen"]["gpu_percent"] == [97.0, 3.0]
    assert told["seen"]["gpu_memory_bytes"] == [12_300_000_000, 500_000_000]
    assert told["new"]["gpu_percent"] is None
