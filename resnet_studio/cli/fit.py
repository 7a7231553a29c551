"""The command `fit`: the memory that a run would need, beside what the device has, as a table or JSON. Builds and trains nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.training_memory import (
    Load,
    Need,
    fewest_parts,
    fits,
    largest_batch,
    need,
    program,
)
from resnet_studio.cli import text
from resnet_studio.cli.making import add_adapting, add_settings, planned
from resnet_studio.cli.parser import Parser
from resnet_studio.design.types import Design
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.footprint import footprint
from resnet_studio.runs.results import Memory
from resnet_studio.runs.spec import TrainSpec

_PARTS = {
    "activations": "maps kept for the backward pass",
    "weights": "weights",
    "gradients": "gradients",
    "optimizer": "optimizer",
    "average": "average of the weights",
    "data": "data in memory",
    "workspace": "working memory and saving",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that is printed."""

    need: Need
    batch: int
    own: int
    fits: bool
    largest: int
    parts: int


def run_fit(words: list[str]) -> int:
    """Say whether a run would fit."""
    parser = Parser(
        "fit",
        "Say what memory a run with these settings would need, what the device has free, and which batch would fit. Exit code 1 where "
        "it does not fit.",
    )
    add_settings(parser)
    add_adapting(parser)
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    design, spec = planned(values)
    from resnet_studio.engine.free_memory import memory_of

    memory = memory_of(spec.device)
    told = _told(design, spec, memory)
    if values.json:
        print(json.dumps(_json(told, memory), indent=1))
    else:
        print(text.harmless("\n".join(_lines(told, memory, design, spec))))
    return ExitCode.DONE if told.fits else ExitCode.PROBLEMS


def _told(design: Design, spec: TrainSpec, memory: Memory) -> Told:
    plan, known, count = analyse(design), KNOWN[spec.data], memory["count"]
    asked = footprint(
        spec, device=memory["name"], devices=count, train=known.train, val=known.val, shape=known.shape
    )
    load = Load(**asked)
    free = memory["free"]
    if free is None:
        return Told(need=need(plan, load), batch=load.batch, own=program(load), fits=True, largest=0, parts=0)
    return Told(
        need=need(plan, load), batch=load.batch, own=program(load), fits=fits(plan, load, free),
        largest=largest_batch(plan, load, free) * count, parts=fewest_parts(plan, load, free),
    )  # fmt: skip


def _json(told: Told, memory: Memory) -> dict[str, object]:
    return {
        "device": memory["name"],
        "label": memory["label"],
        "free": memory["free"],
        "total": memory["total"],
        "batch": told.batch,
        "need": asdict(told.need) | {"all": told.need.total, "process": told.own},
        "fits": told.fits if memory["free"] is not None else None,
        "largest_batch": told.largest if memory["free"] is not None else None,
    }


def _lines(told: Told, memory: Memory, design: Design, spec: TrainSpec) -> Iterator[str]:
    shared = f" of {spec.batch_size:,} on each of {memory['count']}" if memory["count"] > 1 else ""
    yield f"{design.name} on {KNOWN[spec.data].title}, batch {told.batch:,}{shared}, {spec.precision}: {memory['label']}"
    yield ""
    counts = asdict(told.need)
    rows = [(words, text.size(counts[name])) for name, words in _PARTS.items() if counts[name]]
    yield from text.table(("for", "needed"), [*rows, ("in all", text.size(told.need.total))])
    yield ""
    own = f"and about {text.size(told.own)} for the process itself"
    free = memory["free"]
    if free is None:
        yield f"About {text.size(told.need.total)}, {own}; what is free, this device does not tell."
        return
    about = f"About {text.size(told.need.total)} of {text.size(free)} free, {own}"
    if told.fits:
        yield f"{about}; a batch of {told.largest:,} would fit."
        return
    ways = [f"--batch-size {told.largest}"] if told.largest else []
    ways += [f"--parts {told.parts}"] if told.parts else []
    yield f"{about}: it will hardly fit. {'Take ' + ' or '.join(ways) if ways else 'Not even one image fits'}."
