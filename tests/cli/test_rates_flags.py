"""`resnet-studio rates`: every flag of a run reaches the test, through the program's own door."""

import json
from pathlib import Path
from typing import Any

import pytest

from resnet_studio.cli import making
from resnet_studio.cli.entry import main
from resnet_studio.cli.making import add_making, run_from
from resnet_studio.cli.parser import Parser
from resnet_studio.design.types import Design
from resnet_studio.engine.training import rates
from resnet_studio.engine.training.rates import Point, RangeTest
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.spec import TrainSpec


def trained(folder: Path, *words: str) -> RunFolder:
    """The run that `train` would make of these flags."""
    parser = Parser("train", "")
    add_making(parser)
    run, new = run_from(parser.read([*words, "--run", str(folder)]), quiet=True, here=False)
    assert new
    return run


def test_it_tries_what_train_would_train(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[tuple[Design, TrainSpec, Initial | None]] = []

    def note(design: Design, spec: TrainSpec, *, initial: Initial | None, **_: Any) -> RangeTest:
        tried.append((design, spec, initial))
        return RangeTest((Point(1e-3, 2.0),), 0.001)

    monkeypatch.setattr(rates, "range_test", note)
    # What the weights hold is looked up in a process of its own, and not the question.
    monkeypatch.setattr(making, "settled", lambda initial, _design, **_named: initial)
    (tmp_path / "own.toml").write_text("label_smoothing = 0.2\nclip_norm = 3.0\nbatch_size = 16\n")
    words = [
        "cifar_resnet20", "--data", "digits", "--adapt", "--recipe", str(tmp_path / "own.toml"), "--batch-size", "48", "--precision", "bf16",
        "--parts", "4", "--fit-memory", "--seed", "7", "--optimizer", "adam", "--momentum", "0.8", "--no-channels-last", "--mixup", "0.3",
        "--deterministic", "--device", "cpu", "--weights", str(tmp_path / "w.pt"), "--slice",
    ]  # fmt: skip
    run = trained(tmp_path / "run", *words)
    assert main(["rates", *words, "--json"]) == 0
    assert tried == [(run.design(), run.spec(), run.initial())]
    spec = run.spec()
    assert (spec.batch_size, spec.clip_norm, spec.parts, spec.seed) == (48, 3.0, 4, 7)
    assert json.loads(capsys.readouterr().out) == {
        "points": [{"rate": 0.001, "loss": 2.0}],
        "suggestion": 0.001,
    }
    # A run's own settings and weights, but for what is said anew.
    assert main(["rates", str(run.path), "--seed", "8"]) == 0
    assert tried[1] == (
        run.design(),
        trained(tmp_path / "again", str(run.path), "--seed", "8").spec(),
        run.initial(),
    )


def test_weights_that_are_not_there_are_told_of_and_no_folder_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    assert main(["rates", "digits_starter", "--weights", "none.pt"]) == 2
    assert "no file" in capsys.readouterr().err
    assert not (tmp_path / "home" / "runs").exists()
