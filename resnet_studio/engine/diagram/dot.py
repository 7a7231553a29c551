"""A Plan as DOT: stages as clusters, blocks or layers inside, shortcuts as what they are. Knows no layout engine.

A shortcut leaves the main path at a small dot and meets it again at a circled plus; it is dashed where x stays x.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import graphviz

from resnet_studio.analysis.faults import shape_words
from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.plan import HEAD, Plan, Unit
from resnet_studio.design.types import Stage
from resnet_studio.engine.diagram import words
from resnet_studio.engine.diagram.look import Look
from resnet_studio.engine.diagram.runs import ENDS, Run, affordable, too_much
from resnet_studio.language import tr, trn

_SMALL = (LayerKind.NORM, LayerKind.ACTIVATION, LayerKind.DROPOUT, LayerKind.DROP_PATH)


@dataclass(slots=True)
class Sketch:
    """DOT text, and what its nodes mean.

    Args:
        source: the DOT text.
        nodes: node id to unit id.
        runs: node id to the ids of all units it stands for.
        notes: what was drawn otherwise than asked, in words.
    """

    source: str = ""
    nodes: dict[str, str] = field(default_factory=dict)
    runs: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def sketch(plan: Plan, look: Look) -> Sketch:
    """The DOT of a Plan; a wrong drawing is drawn as it is, its problems marked."""
    look, runs, notes = affordable(plan, look)
    drawing = _Drawing(plan, look, bare=too_much(runs, look))
    if drawing.bare:
        drawing.dot.graph_attr.update(
            nslimit="0.2", nslimit1="0.2"
        )  # wires less straight, for a third of the time
        notes.append(tr("Shortcuts are written on the cards: there are too many blocks to draw them."))
    drawing.out.notes += notes
    drawing.whole(runs)
    drawing.out.source = drawing.dot.source
    return drawing.out


class _Drawing:
    """Writes nodes and edges from input to output; `self.last` is where the next one joins."""

    def __init__(self, plan: Plan, look: Look, *, bare: bool) -> None:
        self.bare = bare
        self.plan = plan
        self.look = look
        self.colours = look.colours
        self.out = Sketch()
        self.count = 0
        self.last = ""
        across = look.direction == "LR"
        self.side = "n" if across else "e"
        self.dot = graphviz.Digraph("design", body=[])
        ink = self.colours
        self.dot.graph_attr.update(
            rankdir=look.direction, bgcolor=ink.page if look.page else "transparent", fontname=look.font, pad="0.15",
            ranksep="0.22", nodesep="0.22", compound="true", fontcolor=ink.text, fontsize="12",
        )  # fmt: skip
        self.dot.node_attr.update(
            shape="box", style="rounded,filled", fillcolor=ink.card, color=ink.neutral, fontcolor=ink.text,
            fontname=look.font, fontsize="11", margin="0.18,0.08", height="0.3", penwidth="1.4",
        )  # fmt: skip
        self.dot.edge_attr.update(
            color=ink.wire,
            fontcolor=ink.quiet,
            fontname=look.font,
            fontsize="10",
            arrowsize="0.55",
            penwidth="1.3",
        )

    # --- the whole ------------------------------------------------------------------------------------------------

    def whole(self, lanes: Sequence[Sequence[Run]]) -> None:
        self._end("input", tr("Input {shape}", shape=shape_words(self.plan.design.input.shape)))
        self._lane("stem", tr("Stem"), self.plan.units[0])
        for index, (stage, runs) in enumerate(zip(self.plan.design.stages, lanes, strict=True)):
            self._stage(index, stage, runs)
        head = self.plan.unit(HEAD)
        if head is None:
            self._missing_head()
        else:
            self._lane("head", tr("Head"), head)
            self._end("output", trn("{count} class", "{count} classes", head.part.output[0]))

    def _end(self, name: str, text: str) -> None:
        self._node(self.dot, name, [text], shape="plaintext", style="", fontcolor=self.colours.quiet)
        self._wire(self.dot, name)

    def _lane(self, name: str, title: str, unit: Unit) -> None:
        with self.dot.subgraph(name=f"cluster_{name}") as lane:
            self._lane_look(lane, [title])
            self._alone(lane, unit)

    def _lane_look(self, lane: graphviz.Digraph, lines: Sequence[str]) -> None:
        """From left to right the title is one line on the left; from top to bottom it stands right of the main wire."""
        down = self.look.direction == "TB"
        shown = list(lines) if down else ["   ".join(lines[:2]), *lines[2:]]
        if not down and self.look.detail == "blocks":
            shown.append("")  # room for the words on the highest arc
        lane.attr(
            label=graphviz.nohtml(words.title(shown, end="\\r" if down else "\\l")), labeljust="r" if down else "l",
            style="rounded,filled", fillcolor=self.colours.lane, color=self.colours.lane_line, margin="12", penwidth="1",
        )  # fmt: skip

    def _stage(self, index: int, stage: Stage, runs: Sequence[Run]) -> None:
        with self.dot.subgraph(name=f"cluster_{index}") as lane:
            if not runs:
                self._lane_look(lane, [stage.name])
                self._marked(lane, stage.id, [tr("No block"), tr("stands in this stage")])
                return
            shape = self.plan.units[1 + sum(len(s.blocks) for s in self.plan.design.stages[: index + 1]) - 1]
            facts = f"{words.resolution(shape.part.output)} · {shape.part.output[0]}"
            self._lane_look(lane, [stage.name, facts])
            left_out = runs[ENDS:-ENDS] if self.bare else ()
            hidden = {id(run) for run in left_out}
            for run in runs:
                if self.look.detail == "layers":
                    self._layers(lane, run)
                elif id(run) not in hidden:
                    self._card(lane, run)
                elif run is left_out[0]:
                    self._left_out(lane, left_out)

    def _missing_head(self) -> None:
        self._marked(self.dot, HEAD, [tr("No head"), tr("nothing names a class")])

    def _marked(self, where: graphviz.Digraph, unit_id: str, lines: list[str]) -> None:
        ink = self.colours
        name = self._name(unit_id)
        self._node(
            where, name, lines, style="rounded,filled,dashed", color=ink.problem, fillcolor=ink.problem_card
        )
        self._wire(where, name)

    # --- stem and head --------------------------------------------------------------------------------------------

    def _alone(self, lane: graphviz.Digraph, unit: Unit) -> None:
        quiet = (LayerKind.NORM, LayerKind.ACTIVATION)
        problems = words.problem_lines(self.plan.problems_at(unit.id))
        for row in unit.part.body:
            unusual = row.kind is LayerKind.NORM and row.groups > 0
            if self.look.detail == "layers" or row.kind not in quiet or unusual:
                name = self._name(unit.id)
                self._layer(lane, name, row, self.colours.neutral, problems)
                self._wire(lane, name)
                problems = []

    # --- blocks ---------------------------------------------------------------------------------------------------

    def _card(self, lane: graphviz.Digraph, run: Run) -> None:
        spec, ink = run.block.spec, self.colours
        colour = ink.of(spec.kind)
        name = self._name(run.unit.id, run.ids)
        lines = words.block_lines(spec, run.unit, run.count, run.last)
        problems = words.problem_lines(self.plan.problems_at(run.unit.id))
        look = {"color": ink.problem, "fillcolor": ink.problem_card} if problems else {"color": colour}
        kind = "block stacked" if run.count > 1 else "block"
        adds = run.unit.part.add is not None
        if adds and self.bare:
            lines.append(f"+ {words.shortcut_words(spec, run.unit) or words.IDENTITY}")
        fork = self._fork(lane, run) if adds and not self.bare else ""
        self._node(lane, name, lines + problems, group="main", **{"class": kind}, **look)
        self._wire(lane, name)
        if fork:
            self._plus(lane, colour)
            self._shortcut(lane, fork, run, label=words.shortcut_words(spec, run.unit))

    def _left_out(self, lane: graphviz.Digraph, runs: Sequence[Run]) -> None:
        ids = tuple(unit_id for run in runs for unit_id in run.ids)
        name = self._name(ids[0], ids)
        self._node(
            lane,
            name,
            ["…", trn("{count} more block", "{count} more blocks", len(ids))],
            style="rounded,dashed",
            group="main",
        )
        self._wire(lane, name)

    def _fork(self, lane: graphviz.Digraph, run: Run) -> str:
        name = self._extra("f")
        colour = self.colours.of(run.block.spec.kind)
        lane.node(
            name,
            label="",
            shape="point",
            width="0.05",
            height="0.05",
            color=colour,
            fillcolor=colour,
            group="main",
        )
        self._wire(lane, name, arrowhead="none")
        return name

    def _plus(self, lane: graphviz.Digraph, colour: str, sign: str = "+") -> None:
        """The circled plus, or the circled times of the attention."""
        name = self._extra("p")
        lane.node(
            name, label=sign, shape="circle", width="0.24", height="0.24", fixedsize="true", margin="0", fontsize="13",
            color=colour, fontcolor=colour, fillcolor=self.colours.card, group="main", penwidth="1.6", id=name,
            **{"class": "plus" if sign == "+" else "times"},
        )  # fmt: skip
        self._wire(lane, name)

    def _shortcut(self, lane: graphviz.Digraph, fork: str, run: Run, *, label: str) -> None:
        """The arc around the block: from the fork to the plus that was drawn last."""
        colour = self.colours.of(run.block.spec.kind)
        style = "solid" if label else "dashed"
        # Always labelled: dot keeps room for a label, and without one lets the arc wander out of its lane.
        text = {"label": graphviz.nohtml(f" {words.escaped(label or words.IDENTITY)} "), "fontcolor": colour}
        lane.edge(
            f"{fork}:{self.side}", f"{self.last}:{self.side}", color=colour, style=style, weight="0", **text
        )

    # --- layers ---------------------------------------------------------------------------------------------------

    def _layers(self, stage: graphviz.Digraph, run: Run) -> None:
        spec, part = run.block.spec, run.unit.part
        colour = self.colours.of(spec.kind)
        times = f"  ×{run.count}" if run.count > 1 else ""
        problems = words.problem_lines(self.plan.problems_at(run.unit.id))
        with stage.subgraph(name=f"cluster_b{self.count}") as lane:
            self._lane_look(lane, [words.KINDS[spec.kind] + times, run.unit.name, *problems])
            line = self.colours.problem if problems else colour
            lane.attr(color=line, fontcolor=line, fontsize="11", fillcolor=self.colours.page)
            fork = "" if part.add is None or part.shortcut_from_pre else self._fork(lane, run)
            self._rows(lane, run, part.pre)
            if part.shortcut_from_pre and part.add is not None:
                fork = self._fork(lane, run)
            self._rows(lane, run, part.body)
            if part.add is not None:
                self._plus(lane, colour)
                self._branch(lane, fork, run)
            self._rows(lane, run, part.after)

    def _rows(self, lane: graphviz.Digraph, run: Run, rows: Iterable[Layer]) -> None:
        for aside, found in groupby(rows, key=lambda row: row.aside):
            if aside:
                self._attention(lane, run, tuple(found))
                continue
            for row in found:
                name = self._name(run.unit.id, run.ids)
                self._layer(lane, name, row, self.colours.of(run.block.spec.kind), [], group="main")
                self._wire(lane, name)

    def _attention(self, lane: graphviz.Digraph, run: Run, inner: tuple[Layer, ...]) -> None:
        """One node beside the wire, which weighs the branch at a circled times."""
        colour, before = self.colours.of(run.block.spec.kind), self.last
        name = self._name(run.unit.id, run.ids)
        lines = words.attention_lines(run.block.spec, inner)
        self._node(lane, name, lines, color=colour, fontsize="10", margin="0.09,0.03")
        self._plus(lane, colour, "×")
        lane.edge(before, name, color=colour)
        lane.edge(name, self.last, color=colour)

    def _branch(self, lane: graphviz.Digraph, fork: str, run: Run) -> None:
        """The shortcut by layers: an arc where x stays x, else its own layers beside the body."""
        colour, plus, before = self.colours.of(run.block.spec.kind), self.last, fork
        for row in run.unit.part.shortcut:
            name = self._name(run.unit.id, run.ids)
            self._layer(lane, name, row, colour, [])
            lane.edge(before, name, color=colour)
            before = name
        if before == fork:
            before = self._extra("x")
            lane.node(
                before,
                label=words.IDENTITY,
                shape="plaintext",
                fontcolor=colour,
                margin="0.04,0.02",
                width="0.1",
                height="0.1",
            )
            lane.edge(fork, before, color=colour, style="dashed", arrowhead="none")
            lane.edge(before, plus, color=colour, style="dashed")
        else:
            lane.edge(before, plus, color=colour)

    def _layer(
        self, lane: graphviz.Digraph, name: str, row: Layer, colour: str, problems: list[str], **more: str
    ) -> None:
        ink = self.colours
        look = (
            {"color": ink.problem, "fillcolor": ink.problem_card}
            if problems or not row.sound
            else {"color": colour}
        )
        small = (
            {} if row.params or len(words.layer_lines(row)) > 1 else {"margin": "0.09,0.03", "fontsize": "10"}
        )
        if row.kind in _SMALL:
            small = {"margin": "0.09,0.03", "fontsize": "10", "class": "small"}
        self._node(lane, name, words.layer_lines(row) + problems, **look, **small, **more)

    # --- the pen --------------------------------------------------------------------------------------------------

    def _name(self, unit_id: str, ids: tuple[str, ...] = ()) -> str:
        name = f"n{self.count}"
        self.count += 1
        self.out.nodes[name] = unit_id
        self.out.runs[name] = list(ids or (unit_id,))
        return name

    def _extra(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count - 1}"

    def _node(self, where: graphviz.Digraph, name: str, lines: Iterable[str], **look: str) -> None:
        where.node(name, label=graphviz.nohtml(words.label(lines)), id=name, **look)

    def _wire(self, where: graphviz.Digraph, name: str, **look: str) -> None:
        """Go on along the main path. A wire between lanes belongs to neither."""
        if self.last:
            self.dot.edge(self.last, name, weight="20", **look)
        self.last = name
