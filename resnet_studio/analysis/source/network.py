"""The class of the whole network, as text: stem, stages with runs of equal blocks as loops, head, initialisation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.plan import HEAD, STEM, Plan
from resnet_studio.analysis.source import helpers
from resnet_studio.analysis.source.blocks import BlockClass
from resnet_studio.analysis.source.text import WIDTH, Lines, broken, filled

_STEP = 4


class Made:
    """How one block is made: its class, the constructor's arguments, and its rate where a loop tells it."""

    def __init__(self, block: BlockClass, arguments: list[str], rate: str | None) -> None:
        self.name = block.variant.name
        self.arguments = arguments
        self.rate = rate

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """Equal for blocks that one loop makes."""
        return self.name, tuple(self.arguments)


def add_network(
    lines: Lines, plan: Plan, name: str, blocks: Sequence[BlockClass], made: Sequence[Made]
) -> None:
    """Append the class; `made` holds each block of the plan, in order."""
    stem, head = plan.units[0].part.body, plan.units[-1].part.body
    lines.add(f"class {name}(nn.Module):", f'    """{_note(plan)}"""', "")
    lines.add("    def __init__(self) -> None:", "        super().__init__()")
    lines.add(*_modules(stem), units=(STEM,))
    remaining = list(made)
    ids = [block.id for block in plan.design.blocks()]
    for number, stage in enumerate(plan.design.stages, start=1):
        count = len(stage.blocks)
        _add_stage(lines, number, list(zip(remaining[:count], ids[:count], strict=True)))
        del remaining[:count], ids[:count]
    lines.add(*_modules(head), units=(HEAD,))
    lines.add("        self.initialise()", "")
    distinct = (row for block in blocks for sample in block.variant.samples for row in sample.part.layers())
    biased = any(row.bias for row in (*stem, *distinct))
    lines.add(*_initialise(blocks, biased=biased), "")
    lines.add("    def forward(self, x: Tensor) -> Tensor:")
    lines.add(*(f"        x = {line}" for line in _chain(stem)))
    lines.add(*(f"        x = self.layer{number}(x)" for number in range(1, len(plan.design.stages) + 1)))
    *before, last = _chain(head)
    lines.add(*(f"        x = {line}" for line in before), f"        return {last}")


def _note(plan: Plan) -> str:
    blocks = sum(len(stage.blocks) for stage in plan.design.stages)
    stages = len(plan.design.stages)
    return (
        f"{blocks} block{'' if blocks == 1 else 's'} in {stages} stage{'' if stages == 1 else 's'}: "
        f"images (N, {', '.join(map(str, plan.design.input.shape))}) to logits (N, {plan.output[0]})."
    )


def _top(row: Layer) -> str:
    return row.name.partition(".")[0]


def _modules(rows: Iterable[Layer]) -> list[str]:
    """The assignments of the stem's or the head's modules; conv1.0, conv1.1... become one Sequential."""
    lines: list[str] = []
    first = True
    for name, members in groupby(rows, key=_top):
        calls: list[str] = []
        for row in members:
            # A stem without norms leaves their numbers out; weights know the convolutions by number.
            number = int(row.name.partition(".")[2] or 0)
            calls += ["nn.Identity()"] * (number - len(calls))
            calls.append(helpers.row_call(row, in_place=not first))
            first = False
        if len(calls) == 1:
            lines.append(f"        self.{name} = {calls[0]}")
        else:
            lines.append(f"        self.{name} = nn.Sequential(")
            lines += [f"            {call}," for call in calls]
            lines.append("        )")
    return lines


def _chain(rows: Sequence[Layer]) -> list[str]:
    """The calls of the stem's or the head's modules, a line for each convolution, pooling and classifier."""
    found: list[str] = []
    inner = "x"
    for name, members in groupby(rows, key=_top):
        kind = next(iter(members)).kind
        if kind in (LayerKind.MAX_POOL, LayerKind.GLOBAL_POOL, LayerKind.DROPOUT) and inner != "x":
            found.append(inner)
            inner = "x"
        if kind is LayerKind.GLOBAL_POOL:
            found.append(f"torch.flatten(self.{name}(x), 1)")
        else:
            inner = f"self.{name}({inner})"
    return [*found, inner] if inner != "x" else found


# --- the stages -------------------------------------------------------------------------------------------------------


def _add_stage(lines: Lines, number: int, blocks: list[tuple[Made, str]]) -> None:
    runs = [list(run) for _, run in groupby(blocks, key=lambda entry: entry[0].key)]
    before = f"self.layer{number} = nn.Sequential("
    if len(runs) == 1:
        text = _run(12, [made for made, _ in runs[0]])
        ids = tuple(unit for _, unit in runs[0])
        whole = f"        {before}{text[0].strip().removesuffix(',')})"
        if len(text) == 1 and len(whole) <= WIDTH:
            lines.add(whole, units=ids)
            return
        if len(text) == 1:
            lines.add(f"        {before}", text[0].removesuffix(","), "        )", units=ids)
            return
    lines.add(f"        {before}")
    for run in runs:
        lines.add(*_run(12, [made for made, _ in run]), units=tuple(unit for _, unit in run))
    lines.add("        )")


def _run(indent: int, run: list[Made]) -> list[str]:
    """One block, or a loop over equal ones, as an item of a Sequential."""
    first = run[0]
    rates = [made.rate for made in run if made.rate is not None]
    if len(run) == 1:
        arguments = [rate_told(argument, rates) for argument in first.arguments]
        return broken(indent, f"{first.name}(", arguments, "),")
    if len(set(rates)) == 1:
        arguments = [rate_told(argument, rates) for argument in first.arguments]
        return _loop(indent, first.name, arguments, [f"for _ in range({len(run)})"])
    given = [f"for rate in ({', '.join(rates)})"]
    if rates and indent + _STEP + len(given[0]) > WIDTH:
        pad = " " * (indent + _STEP)
        given = ["for rate in (", *(line[len(pad) :] for line in filled(indent + 2 * _STEP, rates)), ")"]
    return _loop(indent, first.name, first.arguments, given if rates else [f"for _ in range({len(run)})"])


def rate_told(argument: str, rates: list[str]) -> str:
    """The argument with the rate itself where it names the loop's."""
    return f"drop_path={rates[0]}" if argument == "drop_path=rate" else argument


def _loop(indent: int, name: str, arguments: list[str], over: list[str]) -> list[str]:
    pad, inner = " " * indent, " " * (indent + _STEP)
    call = f"{name}({', '.join(arguments)})"
    whole = f"{pad}*({call} {' '.join(over)}),"
    if len(over) == 1 and len(whole) <= WIDTH:
        return [whole]
    middle = f"{inner}{call} {over[0]}"
    if len(over) == 1 and len(middle) <= WIDTH:
        return [f"{pad}*(", middle, f"{pad}),"]
    made = broken(indent + _STEP, f"{name}(", arguments, ")")
    return [f"{pad}*(", *made, *(inner + line for line in over), f"{pad}),"]


# --- initialisation ---------------------------------------------------------------------------------------------------


def _initialise(blocks: Sequence[BlockClass], *, biased: bool) -> list[str]:
    lines = [
        "    def initialise(self) -> None:",
        '        """He et al. 2015 for convolutions; norms and classifier as torch makes them."""',
        "        for module in self.modules():",
        "            if isinstance(module, nn.Conv2d):",
        "                nn.init.kaiming_normal_(",
        '                    module.weight, mode="fan_out", nonlinearity="relu"',
        "                )",
    ]
    if biased:
        lines.append("                if module.bias is not None:")
        lines.append("                    nn.init.zeros_(module.bias)")
    silencing = [block for block in blocks if block.silences]
    if silencing:
        lines.append("        for module in self.modules():  # these begin as their shortcut")
    for index, block in enumerate(silencing):
        asked = f"isinstance(module, {block.variant.name})"
        if any(knob.name == "zero_init" for knob in block.told):
            asked += " and module.zero_init"
        lines.append(f"            {'elif' if index else 'if'} {asked}:")
        lines.append(f"                nn.init.zeros_(module.{block.silenced}.weight)")
    return lines
