"""Published networks by two other ways: torchinfo's counts, and the libraries that have the same network."""

from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import load_file
from torch import nn
from torchvision.models import get_model_weights, list_models

from resnet_studio.analysis.figures import figures, networks, verdict
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.engine.build import blueprint, build
from resnet_studio.engine.count import count
from resnet_studio.engine.exporting.material import Material
from resnet_studio.engine.exporting.ways import WAYS
from resnet_studio.engine.modules import Network
from resnet_studio.engine.weights.file import Contents

TORCHVISION = (
    "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
    "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
)  # fmt: skip
TIMM = (
    *TORCHVISION, "resnet50c", "resnet50d", "resnet101d", "resnet50t", "seresnet50", "seresnext50_32x4d",
    "resnext101_32x4d", "resnet18d",
)  # fmt: skip


@pytest.mark.parametrize("name", networks())
def test_torchinfo_counts_what_is_printed(name: str) -> None:
    told = count(preset(name))
    totals = analyse(preset(name)).totals
    assert (told.params, told.macs) == (totals.params, totals.macs)
    for figure in figures():
        if figure.network == name:
            assert verdict(figure, told).agrees


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvisions_own_figures(name: str) -> None:
    totals = analyse(preset(name)).totals
    for weights in get_model_weights(name):
        assert totals.params == weights.meta["num_params"]
        assert f"{totals.macs / 1e9:.3f}" == f"{weights.meta['_ops']:.3f}"


def test_every_preset_that_the_libraries_have_is_compared_with_them() -> None:
    assert set(TORCHVISION) == set(PRESETS) & set(list_models())
    assert set(TIMM) >= set(PRESETS) & set(timm.list_models())


def _shapes(module: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


@pytest.mark.parametrize("name", TIMM)
def test_timm_has_the_same_tensors(name: str) -> None:
    with torch.device("meta"):
        theirs = timm.create_model(name)
    ours = blueprint(preset(name))
    assert _shapes(ours) == _shapes(theirs)
    assert analyse(preset(name)).totals.params == sum(p.numel() for p in theirs.parameters())


@torch.no_grad()
def _lived_in(network: Network) -> Network:
    """With norms that have seen data: what scales and statistics do must show in the outputs."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.weight.uniform_(0.5, 1.0)
            module.bias.uniform_(-0.2, 0.2)
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.8, 1.4)
    return network.eval()


@pytest.mark.parametrize("name", TIMM)
def test_timm_computes_the_same_after_a_strict_load_of_an_exported_file(name: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    ours = _lived_in(build(preset(name)))
    contents = Contents(design=preset(name), state_dict=ours.state_dict(), metrics={})
    WAYS["safetensors"].write(tmp_path / "net.safetensors", Material(contents, ours))
    with torch.device("meta"):
        theirs = timm.create_model(name)  # its own first weights would take longer than all the rest
    theirs.load_state_dict(load_file(tmp_path / "net.safetensors"), strict=True, assign=True)
    images = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        expected, got = theirs.eval()(images), ours(images)
    assert expected.std() > 1e-3
    torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-5)
