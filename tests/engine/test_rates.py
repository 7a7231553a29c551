"""The learning-rate range test: it finds where learning works, says when it does not, and leaves no trace."""

from dataclasses import replace

import pytest
import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps
from resnet_studio.engine.training.rates import HIGHEST, LOWEST, Point, range_test, suggested
from resnet_studio.runs import wire
from resnet_studio.runs.spec import spec_to
from tests.engine.test_data_survey import asked
from tests.engine.train_helpers import tiny_design, tiny_spec


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


def test_a_run_that_follows_is_what_it_would_have_been() -> None:
    """Nothing of the test stays behind but the random state, which every run sets for itself."""
    design, spec = tiny_design(), replace(tiny_spec(), epochs=1)
    torch.manual_seed(0)
    before = torch.rand(3)
    range_test(design, spec, steps=3)
    torch.manual_seed(0)
    assert torch.equal(torch.rand(3), before)


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
