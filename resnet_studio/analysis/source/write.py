"""A Plan as one Python file that imports only torch. Pure text; the last step reads the file again and checks its names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from resnet_studio.analysis.plan import Plan
from resnet_studio.analysis.source import helpers
from resnet_studio.analysis.source.blocks import BlockClass
from resnet_studio.analysis.source.check import check
from resnet_studio.analysis.source.names import class_name, text_literal
from resnet_studio.analysis.source.network import Made, add_network
from resnet_studio.analysis.source.shortcuts import Projection, pads, projections_of, zero_pad_call
from resnet_studio.analysis.source.text import Lines, Span
from resnet_studio.analysis.source.variants import Sample, samples_of, variants_of
from resnet_studio.design.types import Attention


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file.

    Args:
        text: all of it.
        network: the name of the network's class, which needs no arguments.
        spans: which lines make the stem, each run of blocks, and the head.
    """

    text: str
    network: str
    spans: tuple[Span, ...]

    def spans_of(self, units: Collection[str]) -> tuple[Span, ...]:
        """The lines that make any of these units."""
        return tuple(span for span in self.spans if not set(units).isdisjoint(span.units))


def source_of(plan: Plan) -> Source:
    """The file of a Plan without Problems, to take away: read again, and found to say what was meant.

    Raises:
        ValueError: the Plan has Problems.
    """
    source = draft_of(plan)
    check(source.text, plan, source.network)
    return source


def draft_of(plan: Plan) -> Source:
    """The same file to look at: reading it again takes longer than all the rest, and looking at it runs nothing.

    Raises:
        ValueError: the Plan has Problems.
    """
    if plan.problems:
        raise ValueError(f"no code for a drawing with problems: {plan.problems[0]}")
    samples = samples_of(plan)
    blocks = [BlockClass(variant) for variant in variants_of(samples)]
    projections = projections_of(samples)
    taken = {block.variant.name for block in blocks} | {one.name for one in projections} | helpers.DEFINED
    name = class_name(plan.design.name, taken)
    lines = Lines()
    _add_head(lines, plan, name, _pieces(samples))
    for piece in _pieces(samples):
        lines.add(*piece.split("\n"), "", "")
    for projection in projections:
        lines.add(*projection.lines(), "", "")
    for block in blocks:
        lines.add(*block.lines(), "", "")
    add_network(lines, plan, name, blocks, _made(samples, blocks, projections))
    lines.add("", "", *_loading(name), "", "", *_main(plan, name))
    return Source(lines.text(), name, tuple(lines.spans))


def _pieces(samples: Sequence[Sample]) -> list[str]:
    """The small modules that torch.nn lacks and the drawing needs."""
    found: list[str] = []
    distinct = list(dict.fromkeys(samples))
    if any(pads(sample) for sample in distinct):
        found.append(helpers.ZERO_PAD)
    if any(sample.spec.drop_path for sample in distinct):
        found.append(helpers.DROP_PATH)
    used = {sample.spec.attention for sample in distinct}
    return found + [
        helpers.ATTENTION_TEXT[kind] for kind in Attention if kind in used and kind in helpers.ATTENTION_TEXT
    ]


def _add_head(lines: Lines, plan: Plan, name: str, pieces: Sequence[str]) -> None:
    totals = plan.totals
    lines.add(
        f'"""{name}, drawn in ResNet Studio.',
        "",
        f"{totals.params:,} parameters; {totals.macs:,} multiply-adds for one {plan.design.input} image.",
        "Needs nothing but torch; `load` takes the state_dict of an export.",
        '"""',
        "",
        "import torch",
        "from torch import Tensor, nn",
    )
    if any("F." in piece for piece in pieces):
        lines.add("from torch.nn import functional as F")
    lines.add("", f"NAME = {text_literal(plan.design.name)}", "", "")


def _made(
    samples: Sequence[Sample], blocks: Sequence[BlockClass], projections: Sequence[Projection]
) -> list[Made]:
    class_of = {sample: block for block in blocks for sample in block.variant.samples}
    projection_of = {sample: projection for projection in projections for sample in projection.samples}
    memo: dict[Sample, Made] = {}
    for sample, block in class_of.items():
        downsample = None
        if pads(sample):
            downsample = zero_pad_call(sample)
        elif sample in projection_of:
            downsample = projection_of[sample].call(sample)
        told = block.tells_drop_path
        arguments = block.arguments(sample, downsample, drop_path="rate" if told else None)
        memo[sample] = Made(block, arguments, repr(sample.spec.drop_path) if told else None)
    return [memo[sample] for sample in samples]


def _loading(name: str) -> list[str]:
    return [
        f"def load(path: str) -> {name}:",
        '    """The network with the weights of an exported state_dict, in evaluation mode."""',
        f"    network = {name}()",
        '    weights = torch.load(path, map_location="cpu", weights_only=True)',
        "    network.load_state_dict(weights)",
        "    return network.eval()",
    ]


def _main(plan: Plan, name: str) -> list[str]:
    shape = ", ".join(map(str, (1, *plan.design.input.shape)))
    return [
        'if __name__ == "__main__":',
        f"    network = {name}().eval()",
        "    count = sum(parameter.numel() for parameter in network.parameters())",
        "    with torch.inference_mode():",
        f"        logits = network(torch.rand({shape}))",
        '    print(f"{NAME}: {count:,} parameters, logits of shape {tuple(logits.shape)}")',
    ]
