"""A graphics card that is none: its tensors say that they are on "cuda", and are computed on the processor.

What a real one would refuse is refused: tensors of several devices in one operation, pinned memory read before it was written. What a
real one would make the processor wait for is written down. It proves that the engine's own code for cards works, on machines
without one; not that torch's kernels do, nor how fast they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

_aten = torch.ops.aten
# What moves between devices; everything else takes tensors of one.
_MOVES = {_aten.copy_.default, _aten._to_copy.default}
# What cannot go on before its numbers are known, for what comes out depends on them.
_ASKS = {
    _aten._local_scalar_dense.default,
    _aten.nonzero.default,
    _aten.masked_select.default,
    _aten.equal.default,
}
_INDEXES = {_aten.index.Tensor, _aten.index_put_.default, _aten.index_put.default}
MEMORY = 8 * 2**30


class OnCard(Tensor):
    """A tensor on a card; `held` is where its numbers really are.

    To torch's own core it lies on "meta", for which it asks no driver; to everybody else on its card. Only autocast looks there,
    and leaves it as it is: mixed precision is not pretended.
    """

    held: Tensor
    place: torch.device

    @staticmethod
    def __new__(cls, held: Tensor, place: torch.device) -> OnCard:
        """Of the held tensor's shape and strides."""
        shape = torch.empty_strided(held.size(), held.stride(), dtype=held.dtype, device="meta")
        made: OnCard = Tensor._make_subclass(cls, shape)  # type: ignore[assignment]
        made.held, made.place = held, place
        return made

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        """Its card."""
        return self.place

    @property
    def is_meta(self) -> bool:  # type: ignore[override]
        """Not to anybody who asks."""
        return False

    def tolist(self) -> Any:
        """The numbers, which are waited for."""
        return self.cpu().tolist()

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Outside of `PretendCards` nothing can be done with it."""
        raise AssertionError(f"{func} on a card that is not there")

    def __reduce_ex__(self, protocol: Any) -> Any:
        """torch.save fetches it from the card."""
        return self.held.detach().__reduce_ex__(protocol)


class Event:
    """Of what was in line when it was recorded: copies into pinned memory arrive with it, and not before."""

    cards: PretendCards

    def __init__(self, *, blocking: bool = False) -> None:
        self._arriving: list[tuple[Tensor, Tensor]] = []

    def record(self, stream: torch.device) -> None:
        """Behind everything in line on that card."""
        self._arriving, self.cards.sent = self.cards.sent, []
        self.cards.log.append("sent")

    def synchronize(self) -> None:
        """Wait for it."""
        self.cards.log.append("read")
        for place, numbers in self._arriving:
            place.copy_(numbers)


class PretendCards(TorchDispatchMode):
    """While it is entered, this machine has so many cards.

    `log` says, in order: "wait: OPERATION" where the processor had to wait for all that is in line; "forward" and "backward" where a
    convolution was launched; "sent" and "read" where an event was recorded and waited for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log: list[str] = []
        self.sent: list[tuple[Tensor, Tensor]] = []
        self.chosen: list[torch.device] = []

    @property
    def waits(self) -> list[str]:
        """What the processor waited for, with whole lines."""
        return [line for line in self.log if line.startswith("wait")]

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Compute on the processor, and say that it was on the card."""
        kwargs = dict(kwargs or {})
        there = {leaf.place for leaf in _tensors((args, kwargs)) if isinstance(leaf, OnCard)}
        asked = kwargs.get("device")
        target = torch.device(asked) if asked is not None else next(iter(there), torch.device("cpu"))
        if target.type == "meta" and there:
            target = next(iter(there))
        if target.type == "cuda" and target.index is None:
            target = torch.device("cuda", 0)
        if not there and target.type != "cuda":
            return func(*args, **(kwargs | ({"pin_memory": False} if "pin_memory" in kwargs else {})))
        self._look(func, args, kwargs, target)
        if func is _aten.copy_.default and not isinstance(args[0], OnCard):
            return self._fetch(args[0], args[1], *args[2:])
        if asked is not None:
            kwargs["device"] = torch.device("cpu")
        kwargs.pop("pin_memory", None)
        found = func(*_mapped(_held, args), **_mapped(_held, kwargs))
        return self._given_back(func, args, kwargs, found, target)

    def _given_back(self, func: Any, args: Any, kwargs: Any, found: Any, target: torch.device) -> Any:
        """In place what was there, and of what is new that it is on the card."""
        known = {id(leaf.held): leaf for leaf in _tensors((args, kwargs)) if isinstance(leaf, OnCard)}

        def told(value: Any) -> Any:
            if not isinstance(value, Tensor) or target.type == "cpu":
                return value
            return known[id(value)] if id(value) in known else OnCard(value, target)

        return _mapped(told, found)

    def _fetch(self, place: Tensor, card: OnCard, non_blocking: bool = False) -> Tensor:
        if non_blocking:
            # A copy of its own: what is computed behind it must not be seen.
            self.sent.append((place, card.held.clone()))
            return place.fill_(torch.nan if place.is_floating_point() else -(10**9))
        return place.copy_(card.held)

    def _look(self, func: Any, args: Any, kwargs: Any, target: torch.device) -> None:
        leaves = _tensors((args, kwargs))
        there = {leaf.place for leaf in leaves if isinstance(leaf, OnCard)}
        if func in (_aten.convolution.default, _aten.conv2d.default):
            self.log.append("forward")
        if func is _aten.convolution_backward.default:
            self.log.append("backward")
        asked = kwargs.get("non_blocking") or (func is _aten.copy_.default and args[2:] == (True,))
        if func in _MOVES:
            if {leaf.device for leaf in leaves} | {target} != there and not asked:
                self.log.append(
                    f"wait: {func} to {target if func is not _aten.copy_.default else args[0].device}"
                )
            return
        if func in _ASKS:
            self.log.append(f"wait: {func}")
        if func in _INDEXES:
            masks = [one for one in args[1] if one is not None and one.dtype in (torch.bool, torch.uint8)]
            # An index on the processor has to be brought over first.
            if masks or any(not isinstance(one, OnCard) for one in args[1] if one is not None):
                self.log.append(f"wait: {func}")
        # A number of the processor's own may be used anywhere.
        plain = [leaf for leaf in leaves if not isinstance(leaf, OnCard) and leaf.dim()]
        if len(there) > 1 or (plain and there and func not in _INDEXES):
            raise RuntimeError(f"Expected all tensors to be on the same device: {func}, {there}, {plain}")


def _mapped(act: Callable[[Any], Any], value: Any) -> Any:
    """The same arguments or results, each by itself changed; torch's own tree_map knows more kinds, and is slower."""
    if isinstance(value, list | tuple):
        return type(value)(_mapped(act, one) for one in value)
    if isinstance(value, dict):
        return {name: _mapped(act, one) for name, one in value.items()}
    return act(value)


def _tensors(value: Any) -> list[Tensor]:
    found: list[Any] = []
    _mapped(found.append, value)
    return [one for one in found if isinstance(one, Tensor)]


def _held(value: Any) -> Any:
    return value.held if isinstance(value, OnCard) else value


def _made_here(tensor: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """torch.tensor, which brings what it makes over to the card, as a real one does, and is waited for."""

    def made(data: Any, *, device: Any = None, **kwargs: Any) -> Tensor:
        here = tensor(data, **kwargs)
        return here if device is None else here.to(device)

    return made


@contextmanager
def pretend_cards(count: int = 2) -> Generator[PretendCards, None, None]:
    """So many cards, until it is left."""
    cards = PretendCards()
    event = type("Event", (Event,), {"cards": cards})
    card = SimpleNamespace(name="Pretended card", total_memory=MEMORY, uuid="0000", major=8, minor=0)
    changed: dict[str, Callable[..., Any]] = {
        "_lazy_init": lambda: None, "is_available": lambda: True, "device_count": lambda: count, "get_device_properties": lambda _device: card,
        "mem_get_info": lambda _device: (MEMORY, MEMORY), "max_memory_allocated": lambda _device: 0,
        "get_rng_state": lambda _device: torch.get_rng_state(),
        "set_rng_state": lambda state, _device: torch.set_rng_state(state),
        "set_device": cards.chosen.append, "current_stream": lambda device: device, "empty_cache": lambda: None,
        "is_bf16_supported": lambda including_emulation=True: True,
        "Event": event,
    }  # fmt: skip
    with (
        warnings.catch_warnings(),
        patch.multiple("torch.cuda", **changed),
        patch("torch.cuda.amp.common.amp_definitely_not_available", lambda: False),
        patch("torch.accelerator.is_available", lambda: False),
        patch("torch.tensor", _made_here(torch.tensor)),
        patch.object(Tensor, "pin_memory", lambda self: self.clone()),
        # An optimizer asks whether its step is being recorded into a graph.
        patch("torch.accelerator.current_stream", lambda: SimpleNamespace(is_capturing=lambda: False)),
        # A parameter that moves is a new one: where only its data were changed, nobody would know where they are held.
        patch("torch.__future__.get_overwrite_module_params_on_conversion", lambda: True),
        cards,
    ):
        # The loader finds nothing to pin memory for, and says so.
        warnings.filterwarnings("ignore", "'pin_memory' argument")
        yield cards
