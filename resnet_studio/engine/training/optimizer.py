"""torch's own optimizers, made without loading torch's compiler. Knows no loop and no design.

WORKAROUND: torch.optim imports torch._dynamo (and sympy with it) when an optimizer is made and again when it steps, only to tell the
compiler to keep out: almost as long as importing torch itself, before the first step. See torch/_compile.py and
`_use_grad_for_differentiable` in torch/optim/optimizer.py. The mathematics stay torch's own. A run that compiles must not use this.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.optim import SGD, Adam, AdamW, NAdam, Optimizer, RMSprop

from resnet_studio.runs.spec import TrainSpec

_GUARDED = ("add_param_group", "zero_grad", "state_dict", "load_state_dict")


def _keep_compiler_out() -> None:
    """Say of each guarded method that it is its own uncompiled form, which is what torch would find out by importing the compiler."""
    for name in _GUARDED:
        plain = inspect.unwrap(getattr(Optimizer, name))
        plain.__dict__.setdefault("__dynamo_disable", plain)


def _plain_step(kind: type[Optimizer]) -> Callable[[Optimizer], Any]:
    step: Callable[[Optimizer], Any] = inspect.unwrap(kind.step)
    return step


def _light(kind: type[Optimizer]) -> Any:
    """The same optimizer, its step freed from the question whether somebody compiles it."""

    @torch.no_grad()
    def step(self: Optimizer, closure: Any = None) -> Any:
        del closure
        return _plain_step(kind)(self)

    return type(f"Light{kind.__name__}", (kind,), {"step": step})


_PLAIN: dict[str, Any] = {"sgd": SGD, "adamw": AdamW, "adam": Adam, "rmsprop": RMSprop, "nadam": NAdam}
_LIGHT = {name: _light(kind) for name, kind in _PLAIN.items()}
_FUSED = ("sgd", "adamw", "adam")


_NORMS = (nn.modules.batchnorm._BatchNorm, nn.GroupNorm)
Parameters = list[nn.Parameter]


def make_optimizer(network: nn.Module, spec: TrainSpec) -> Optimizer:
    """One of torch's own; weight decay leaves the norms' own scales and shifts alone unless the settings say otherwise."""
    others, norms = _by_kind(network)
    groups: list[dict[str, Any]] = [
        {"params": others, "weight_decay": spec.weight_decay},
        {"params": norms, "weight_decay": spec.weight_decay if spec.decay_norms else 0.0},
    ]
    if spec.compile == "off":
        _keep_compiler_out()
    kinds = _LIGHT if spec.compile == "off" else _PLAIN
    made: Optimizer = kinds[spec.optimizer](groups, lr=spec.lr, **_options(spec))
    if spec.precision == "fp16" and spec.optimizer == "sgd" and spec.momentum:
        # WORKAROUND the fused step makes its momentum of memory that nobody wrote, and leaves it so where the first scaled
        # gradients overflow, as they often do; the next step would learn from that. With zeros the first step is the same.
        for parameter in network.parameters():
            made.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    return made


def _options(spec: TrainSpec) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if spec.optimizer in _FUSED:
        # One pass over all weights, on processors and graphics cards.
        options["fused"] = True
    if spec.optimizer == "sgd":
        return options | {"momentum": spec.momentum, "nesterov": spec.nesterov and spec.momentum > 0}
    if spec.optimizer == "rmsprop":
        return options | {"momentum": spec.momentum}
    if spec.optimizer == "nadam":
        options["decoupled_weight_decay"] = True
    return options | {"betas": (spec.momentum, 0.999)}


def take_back(optimizer: Optimizer, network: nn.Module, kept: dict[str, Any]) -> None:
    """Put a kept state into a fresh optimizer of the network.

    Runs begun before norms were told by their kind have biases in the norms' group: they go on with theirs, exactly.

    Raises:
        ValueError, KeyError: the state is not of this network.
    """
    sizes = [len(group["params"]) for group in kept["param_groups"]]
    # The same sizes are the same groups: every norm's parameters have one dimension.
    if sizes != [len(group["params"]) for group in optimizer.param_groups]:
        before = _by_dimension(network)
        if sizes == [len(parameters) for parameters in before]:
            for group, parameters in zip(optimizer.param_groups, before, strict=True):
                group["params"] = parameters
    # How a step is taken belongs to this device, not to the one that the run began on.
    groups = [
        group | {"fused": own["fused"]} if "fused" in own else group
        for group, own in zip(kept["param_groups"], optimizer.param_groups, strict=True)
    ]
    optimizer.load_state_dict(kept | {"param_groups": groups})


def _by_kind(network: nn.Module) -> tuple[Parameters, Parameters]:
    """The others' parameters, and the norms', as torchvision.ops._utils.split_normalization_params parts them."""
    of_norms = {
        id(parameter)
        for module in network.modules()
        if isinstance(module, _NORMS)
        for parameter in module.parameters(recurse=False)
    }
    whole = list(network.parameters())
    return [p for p in whole if id(p) not in of_norms], [p for p in whole if id(p) in of_norms]


def _by_dimension(network: nn.Module) -> tuple[Parameters, Parameters]:
    """As earlier versions parted them."""
    whole = list(network.parameters())
    return [p for p in whole if p.ndim > 1], [p for p in whole if p.ndim <= 1]
