"""The learning-rate range test: it finds where learning works, says when it does not, and leaves no trace."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from resnet_studio.analysis.plan import Plan
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps
from resnet_studio.design.types import Design
from resnet_studio.engine.build import build
from resnet_studio.engine.training import beginning, rates
from resnet_studio.engine.training.command import run_training
from resnet_studio.engine.training.rates import HIGHEST, LOWEST, Point, RangeTest, range_test, suggested
from resnet_studio.runs import wire
from resnet_studio.runs.events import Event, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial, initial_to
from resnet_studio.runs.spec import spec_to
from tests.engine.full_memory import running_out
from tests.engine.test_data_survey import asked
from tests.engine.train_helpers import (
    assert_same_end,
    dropping_design,
    normless_design,
    tiny_design,
    tiny_spec,
    train_here,
)


def test_the_rates_rise_evenly_and_the_same_seed_sees_the_same() -> None:
    design, spec = tiny_design(), tiny_spec()
    found = range_test(design, spec, steps=40)
    assert found == range_test(design, spec, steps=40)
    assert found.points[0].rate == pytest.approx(LOWEST)
    assert found.points[-1].rate <= HIGHEST * 1.0001
    ratios = [b.rate / a.rate for a, b in zip(found.points, found.points[1:], strict=False)]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))
    assert found.points[0].loss == pytest.approx(2.3, abs=0.5)


def test_learning_at_the_suggested_rate_beats_a_hundredth_of_it() -> None:
    """The rate is judged by what it is for: the loss that an epoch at it ends with."""
    design, spec = tiny_design(), tiny_spec(optimizer="sgd")
    suggestion = range_test(design, spec).suggestion
    assert suggestion is not None

    def end(rate: float) -> float:
        # The test's own steps, at one rate: lowest and highest the same.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("resnet_studio.engine.training.rates.LOWEST", rate)
            patch.setattr("resnet_studio.engine.training.rates.HIGHEST", rate)
            return range_test(design, spec, steps=22).points[-1].loss

    assert end(suggestion) < end(suggestion / 100) - 0.1


def test_a_loss_that_never_falls_gets_no_suggestion() -> None:
    assert suggested([]) is None
    assert suggested([Point(1e-5, 1.0), Point(1e-4, 2.0)]) is None
    assert suggested([Point(1e-5, 2.0), Point(1e-3, 1.0), Point(1e-2, 3.0)]) == pytest.approx(1e-4)


def test_it_ends_when_cancelled_and_refuses_what_does_not_fit() -> None:
    calls: list[int] = []

    def cancelled() -> bool:
        calls.append(1)
        return len(calls) > 3

    with pytest.raises(StudioError, match="Cancelled"):
        range_test(tiny_design(), tiny_spec(), cancelled=cancelled)
    assert len(calls) == 4
    with pytest.raises(StudioError, match="10 classes"):
        range_test(tiny_design(classes=7), tiny_spec())


def test_the_window_gets_each_point_as_it_is_tried_and_then_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(range_test, "__kwdefaults__", dict(range_test.__kwdefaults__ or {}) | {"steps": 5})
    spec = tiny_spec(workers=2)
    *before, last = asked(wire.RATES, design=dumps(tiny_design()), spec=spec_to(spec))
    assert [(one.done, one.total) for one in before if isinstance(one, wire.Progress)] == [
        (step, 5) for step in range(1, 6)
    ]
    found = range_test(tiny_design(), spec, steps=5)
    assert [one.value for one in before if isinstance(one, wire.Progress)] == [
        {"rate": point.rate, "loss": point.loss, "highest": HIGHEST} for point in found.points
    ]
    assert isinstance(last, wire.Result)
    assert isinstance(last.value, dict)
    assert last.value["points"] == [[point.rate, point.loss] for point in found.points]
    assert last.value["suggestion"] == found.suggestion


def test_the_window_is_told_what_is_wrong() -> None:
    (failed,) = asked(wire.RATES, design=dumps(tiny_design(classes=7)), spec=spec_to(tiny_spec()))
    assert isinstance(failed, wire.Failure)
    assert "10 classes" in failed.what
    (failed,) = asked(wire.RATES, design=dumps(tiny_design()))
    assert isinstance(failed, wire.Failure)
    assert "must be an object" in failed.what


def saved_weights(path: Path, design: Design) -> Initial:
    torch.manual_seed(7)
    network = build(design)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.5)
    torch.save(network.state_dict(), path)
    return Initial(source=str(path), origin=design)


def first_step(run: RunFolder) -> Step:
    return next(event for event in train_here(run, stop_after=1) if isinstance(event, Step))


def test_it_begins_as_the_run_does_with_the_same_weights_batch_and_blends(tmp_path: Path) -> None:
    design, spec = tiny_design(), tiny_spec(mixup=0.4, label_smoothing=0.1, parts=2)
    initial = saved_weights(tmp_path / "w.pt", design)
    losses = [
        (
            range_test(design, spec, initial=begins, steps=2).points[0].loss,
            first_step(RunFolder.create(design, spec, tmp_path / "runs", initial=begins)).loss,
        )
        for begins in (initial, None)
    ]
    assert [told for told, _ in losses] == pytest.approx([own for _, own in losses], rel=1e-6)
    assert abs(losses[0][0] - losses[1][0]) > 0.01


def test_weights_that_cannot_be_had_are_told_of_in_words(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no file"):
        range_test(tiny_design(), tiny_spec(), initial=Initial(source=str(tmp_path / "none.pt")))


def test_parts_and_clipping_are_the_runs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    design, spec = normless_design(), tiny_spec(optimizer="sgd", momentum=0.0, weight_decay=0.0)

    def losses(**settings: Any) -> list[float]:
        return [point.loss for point in range_test(design, replace(spec, **settings), steps=12).points]

    whole = losses()
    assert losses(parts=4) == pytest.approx(whole, rel=1e-4)
    # So short a step that not even a rate of ten goes anywhere.
    clipped = losses(clip_norm=1e-6)
    monkeypatch.setattr(rates, "LOWEST", 1e-12)
    monkeypatch.setattr(rates, "HIGHEST", 1e-12)
    still = losses()
    assert clipped == pytest.approx(still, abs=1e-3)
    assert whole != pytest.approx(still, abs=5e-3)


def test_memory_that_runs_out_is_told_of_and_fitted_where_the_run_would(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    design, spec = normless_design(), tiny_spec()
    wanted = range_test(design, replace(spec, parts=4), steps=3)
    monkeypatch.setattr(beginning, "build", running_out(train=32))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudioError, match="Memory ran out on cpu: a batch of 128"):
        range_test(design, spec, steps=3)
    assert range_test(design, replace(spec, fit_memory=True), steps=3) == wanted
    assert range_test(design, replace(spec, parts=4), steps=3) == wanted
    assert list(tmp_path.iterdir()) == []


def test_one_device_takes_the_batch_of_all_in_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of four cards would have 32 images, and no more need fit here."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    monkeypatch.setattr(beginning, "build", running_out(train=32))
    assert len(range_test(normless_design(), tiny_spec(device="all"), steps=2).points) == 2
    with pytest.raises(StudioError, match="Memory ran out"):
        range_test(normless_design(), tiny_spec(device="all", sync_norms=True), steps=2)


def test_a_first_loss_that_is_no_number_is_no_rates_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(plan: Plan) -> nn.Module:
        network = build(plan)
        network.get_parameter("fc.bias").data.fill_(math.nan)
        return network

    monkeypatch.setattr(beginning, "build", broken)
    with pytest.raises(StudioError, match="diverged"):
        range_test(tiny_design(), tiny_spec())


def test_a_run_in_the_same_process_does_not_feel_it(tmp_path: Path) -> None:
    """Weights, statistics of the norms, random numbers: all bits at its end are those of a run that was alone."""
    spec = tiny_spec(epochs=1)
    alone = RunFolder.create(dropping_design(), spec, tmp_path / "alone")
    train_here(alone)
    beside = RunFolder.create(dropping_design(), spec, tmp_path / "beside")
    tried: list[RangeTest] = []

    def take(event: Event) -> None:
        if isinstance(event, Step) and event.step in (1, 5):
            mode = torch.get_deterministic_debug_mode()
            tried.append(range_test(dropping_design(), replace(spec, seed=3, deterministic=True), steps=2))
            assert torch.get_deterministic_debug_mode() == mode

    run_training(beside, take, lambda: "")
    assert len(tried) == 2
    assert_same_end(alone, beside)


def test_the_window_says_which_weights_it_begins_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(range_test, "__kwdefaults__", dict(range_test.__kwdefaults__ or {}) | {"steps": 2})
    design, spec = tiny_design(), tiny_spec()
    initial = saved_weights(tmp_path / "w.pt", design)
    *_, last = asked(wire.RATES, design=dumps(design), spec=spec_to(spec), initial=initial_to(initial))
    assert isinstance(last, wire.Result)
    assert isinstance(last.value, dict)
    fresh = range_test(design, spec, steps=1).points[0].loss
    assert abs(last.value["points"][0][1] - fresh) > 0.01
    gone = initial_to(replace(initial, source=str(tmp_path / "gone.pt")))
    (failed,) = asked(wire.RATES, design=dumps(design), spec=spec_to(spec), initial=gone)
    assert isinstance(failed, wire.Failure)
    assert "gone.pt" in failed.what
    (failed,) = asked(wire.RATES, design=dumps(design), spec=spec_to(spec), initial="w.pt")
    assert isinstance(failed, wire.Failure)
    assert "must be an object" in failed.what
