"""A run that begins with another's best weights, as the window offers it: what the engine takes and what it refuses."""

from pathlib import Path

import pytest
import torch

from resnet_studio.engine.training.checkpoint import load_weights
from resnet_studio.engine.training.evaluate import evaluate
from resnet_studio.runs.checkpoints import initial_of
from resnet_studio.runs.effects import effective
from resnet_studio.runs.events import Failed, Finished
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import new_run, tiny_spec, train_here

torch.set_num_threads(1)


@pytest.fixture
def trained(tmp_path: Path) -> RunFolder:
    run = new_run(tmp_path / "first")
    train_here(run)
    return run


def test_it_goes_on_from_the_best_weights(trained: RunFolder, tmp_path: Path) -> None:
    before = evaluate(trained)
    # So small a rate that the weights stay what they were, but for rounding.
    spec = tiny_spec(epochs=1, lr=1e-9, warmup_epochs=0.0, seed=5)
    second = RunFolder.create(trained.design(), spec, tmp_path / "second", initial=initial_of(trained))
    assert isinstance(train_here(second)[-1], Finished)
    told, began = load_weights(trained.path, "best")[0], load_weights(second.path, "last")[0]
    assert torch.allclose(told["conv1.weight"], began["conv1.weight"], atol=1e-6)
    assert evaluate(second, which="last").top1 == pytest.approx(before.top1, abs=0.1)


def test_a_checkpoint_that_changed_since_is_refused(trained: RunFolder, tmp_path: Path) -> None:
    initial = initial_of(trained)
    second = RunFolder.create(trained.design(), tiny_spec(epochs=1), tmp_path / "second", initial=initial)
    path = Path(initial.source)
    path.write_bytes(path.read_bytes() + b"x")
    assert isinstance(train_here(second)[-1], Failed)


def test_settings_without_effect_change_no_bit(tmp_path: Path) -> None:
    spec = {
        "optimizer": "sgd",
        "momentum": 0.0,
        "nesterov": True,
        "weight_decay": 0.0,
        "schedule": "one_cycle",
        "lr": 0.02,
    }
    more = {"decay_norms": False, "warmup_epochs": 2.0, "sync_norms": True, "workers": 3, "epochs": 2}
    one = new_run(tmp_path / "one", **spec, **more)
    other = new_run(
        tmp_path / "other", **{name: getattr(effective(one.spec()), name) for name in [*spec, *more]}
    )
    assert one.spec() != other.spec()
    for run in (one, other):
        assert isinstance(train_here(run)[-1], Finished)
    # The settings of the optimizer lie in the checkpoint: what it made of them is what must be equal.
    for which in ("best", "last"):
        weights = [load_weights(run.path, which)[0] for run in (one, other)]
        assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
