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


def make_optimizer(network: nn.Module, spec: TrainSpec) -> Optimizer:
    """One of torch's own; weight decay leaves norms and biases alone unless the settings say otherwise."""
    matrices = [p for p in network.parameters() if p.ndim > 1]
    vectors = [p for p in network.parameters() if p.ndim <= 1]
    groups: list[dict[str, Any]] = [
        {"params": matrices, "weight_decay": spec.weight_decay},
        {"params": vectors, "weight_decay": spec.weight_decay if spec.decay_norms else 0.0},
    ]
    if spec.compile == "off":
        _keep_compiler_out()
    kinds = _LIGHT if spec.compile == "off" else _PLAIN
    made: Optimizer = kinds[spec.optimizer](groups, lr=spec.lr, **_options(network, spec))
    return made


def _options(network: nn.Module, spec: TrainSpec) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if spec.optimizer in _FUSED:
        # Fused: one pass over all weights, on processors and graphics cards.
        options["fused"] = all(p.device.type in ("cpu", "cuda") for p in network.parameters())
    if spec.optimizer == "sgd":
        return options | {"momentum": spec.momentum, "nesterov": spec.nesterov and spec.momentum > 0}
    if spec.optimizer == "rmsprop":
        return options | {"momentum": spec.momentum}
    if spec.optimizer == "nadam":
        options["decoupled_weight_decay"] = True
    return options | {"betas": (spec.momentum, 0.999)}
