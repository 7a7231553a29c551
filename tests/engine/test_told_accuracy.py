"""What the tour tells of other networks is what torchvision says of its weights."""

import json

import pytest
from torchvision.models import get_model_weights

from resnet_studio.resources_path import resource

ROWS = json.loads(resource("figures.json").read_text(encoding="utf-8"))["torchvision"]["rows"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_networks_figures_are_those_of_its_weights(row: dict[str, object]) -> None:
    meta = get_model_weights(str(row["name"])).IMAGENET1K_V1.meta
    assert row["params"] == meta["num_params"]
    assert row["gmacs"] == meta["_ops"]
    assert row["top1"] == meta["_metrics"]["ImageNet-1K"]["acc@1"]
