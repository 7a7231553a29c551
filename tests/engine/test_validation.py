"""What a run says of the validation images: the share among the first five only where it says something."""

from pathlib import Path

import pytest
import torch
from sklearn.metrics import top_k_accuracy_score

from resnet_studio.engine.training.validation import _in_five
from resnet_studio.runs.events import Epoch
from tests.engine.train_helpers import new_run, train_here


def test_the_first_five_are_counted_as_scikit_learn_counts_them() -> None:
    torch.manual_seed(0)
    outputs, labels = torch.randn(400, 9), torch.randint(0, 9, (400,))
    wanted = top_k_accuracy_score(labels, outputs, k=5, normalize=False, labels=range(9))
    assert int(_in_five(outputs, labels)) == wanted


def test_with_five_classes_any_guess_would_be_among_them() -> None:
    assert torch.isnan(_in_five(torch.randn(3, 5), torch.zeros(3, dtype=torch.int64)))


def test_an_epoch_tells_it(tmp_path: Path) -> None:
    epochs = [event for event in train_here(new_run(tmp_path, epochs=1)) if isinstance(event, Epoch)]
    (top5,) = (epoch.val_top5 for epoch in epochs)
    assert top5 is not None
    assert epochs[0].val_accuracy < top5 <= 1.0
    assert top5 != pytest.approx(epochs[0].val_accuracy)
