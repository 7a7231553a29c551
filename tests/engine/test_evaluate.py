"""What an evaluation counts, against scikit-learn on logits that the test computes by itself."""

from pathlib import Path

import pytest
import torch
from sklearn.metrics import confusion_matrix, log_loss, top_k_accuracy_score

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.build import build, sound_plan
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.training import evaluate as evaluate_module
from resnet_studio.engine.training.checkpoint import load_weights
from resnet_studio.engine.training.evaluate import evaluate
from resnet_studio.engine.training.step import forward
from resnet_studio.runs.evaluation import evaluation_from, evaluation_to
from resnet_studio.runs.events import Epoch
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import new_run, train_here

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    made = new_run(tmp_path_factory.mktemp("runs"), epochs=2, averaging=0.9)
    train_here(made)
    return made


def logits(run: RunFolder, which: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Probabilities, labels and bytes of all validation images, in one batch."""
    weights, _ = load_weights(run.path, which)
    network = build(sound_plan(run.design()))
    network.load_state_dict(weights)
    network.eval()
    data = open_data("digits")
    feeder = Feeder(data, run.spec(), run.design().input, torch.device("cpu"))
    batches = list(feeder.val_batches())
    with torch.no_grad():
        outputs = network(torch.cat([batch.images for batch in batches]))
    return outputs.double().softmax(1), data.val.labels, data.val.images  # type: ignore[union-attr,return-value]


@pytest.mark.parametrize("which", ["best", "last"])
def test_counts_are_those_of_scikit_learn(run: RunFolder, which: str) -> None:
    found = evaluate(run, which=which)
    chances, labels, _ = logits(run, which)
    wanted = confusion_matrix(labels, chances.argmax(1), labels=range(10))
    assert [list(row) for row in found.counts] == wanted.tolist()
    assert found.images == len(labels)
    assert found.top1 == pytest.approx(top_k_accuracy_score(labels, chances, k=1))
    assert found.top5 == pytest.approx(top_k_accuracy_score(labels, chances, k=5, labels=range(10)))
    assert found.loss == pytest.approx(log_loss(labels, chances, labels=range(10)), rel=1e-4)


def test_it_is_what_the_run_said_of_its_best_epoch(run: RunFolder) -> None:
    best = [event for event in run.events() if isinstance(event, Epoch) and event.best][-1]
    found = evaluate(run)
    assert (found.epoch, found.top1) == (best.epoch, pytest.approx(best.val_accuracy))
    assert found.loss == pytest.approx(best.val_loss, rel=1e-5)
    assert found.top5 == pytest.approx(best.val_top5)


@pytest.mark.parametrize("last", [True, False])
def test_weights_and_images_lie_as_they_did_in_training(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: bool
) -> None:
    if not last:
        run = new_run(tmp_path, epochs=1, channels_last=False)
        train_here(run)
    layouts = set()

    def noted(network: torch.nn.Module, images: torch.Tensor, precision: str) -> torch.Tensor:
        wide = [weights for weights in network.parameters() if weights.ndim == 4 and weights.shape[3] > 1]
        # Of one channel both layouts are one.
        layouts.update(
            one.is_contiguous(memory_format=torch.channels_last) for one in wide if one.shape[1] > 1
        )
        return forward(network, images, precision)

    monkeypatch.setattr(evaluate_module, "forward", noted)
    found, best = (
        evaluate(run),
        [event for event in run.events() if isinstance(event, Epoch) and event.best][-1],
    )
    assert layouts == {last}
    # The same numbers by the same kernels.
    assert (found.top1, found.top5) == (best.val_accuracy, best.val_top5)


@pytest.mark.parametrize("worst", [0, 3, 100])
def test_the_worst_are_the_wrong_ones_with_the_highest_loss(run: RunFolder, worst: int) -> None:
    found = evaluate(run, worst=worst)
    chances, labels, images = logits(run, "best")
    said = chances.argmax(1)
    truth = chances[torch.arange(len(labels)), labels]
    order = [index for index in truth.argsort().tolist() if said[index] != labels[index]][:worst]
    assert [miss.index for miss in found.worst] == order
    for miss in found.worst:
        assert (miss.truth, miss.said) == (int(labels[miss.index]), int(said[miss.index]))
        assert miss.confidence == pytest.approx(float(chances[miss.index].max()), abs=1e-5)
        assert miss.shape == (1, 8, 8)
        # The bytes that come back from the network's floats are the file's own.
        assert miss.pixels == images[miss.index].numpy().tobytes()


@pytest.mark.parametrize("samples", [0, 1, 24, 10_000])
def test_samples_are_some_of_all_images_at_equal_steps(run: RunFolder, samples: int) -> None:
    found = evaluate(run, worst=0, samples=samples)
    chances, labels, images = logits(run, "best")
    count = min(samples, len(labels))
    assert [one.index for one in found.samples] == [place * len(labels) // count for place in range(count)]
    for one in found.samples:
        assert (one.truth, one.said) == (int(labels[one.index]), int(chances[one.index].argmax()))
        assert one.confidence == pytest.approx(float(chances[one.index].max()), abs=1e-5)
        assert one.pixels == images[one.index].numpy().tobytes()


def test_it_survives_the_pipe(run: RunFolder) -> None:
    found = evaluate(run)
    assert found.worst
    assert found.samples
    assert evaluation_from(evaluation_to(found)) == found


def test_it_can_be_cancelled_and_says_what_is_missing(run: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"Cancelled\."):
        evaluate(run, cancelled=lambda: True)
    with pytest.raises(StudioError, match="no best checkpoint"):
        evaluate(new_run(tmp_path))
