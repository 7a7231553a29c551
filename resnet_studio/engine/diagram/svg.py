"""Finishes Graphviz's SVG: titles bold, details quiet, folded cards stacked; finds where each node stands. Lays out nothing."""

from __future__ import annotations

import copy
import re
from xml.etree import ElementTree as ET

from resnet_studio.engine.diagram.look import Look

_WEIGHT = "600"  # as in the window
_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
ET.register_namespace("", "http://www.w3.org/2000/svg")
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def finished(svg: bytes, look: Look) -> tuple[str, dict[str, list[float]], list[float]]:
    """(SVG text, box [x, y, w, h] of every node in the SVG's units, [width, height])."""
    root = ET.fromstring(svg)
    _, _, width, height = (float(number) for number in root.attrib["viewBox"].split())
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    whole = root.find(f"{_SVG}g")
    assert whole is not None
    left, top = _origin(whole)
    boxes: dict[str, list[float]] = {}
    for group in whole.iter(f"{_SVG}g"):
        kinds = group.get("class", "").split()
        title = group.find(f"{_SVG}title")
        if title is not None:
            group.remove(title)  # Graphviz's ids as tool tips help nobody
        if "node" in kinds:
            box = _box(group)
            if box is not None:
                boxes[group.get("id", "")] = [round(box[0] + left, 2), round(box[1] + top, 2), *box[2:]]
            _dress(group, kinds, look)
        elif "cluster" in kinds:
            _dress_lane(group, look)
    return ET.tostring(root, encoding="unicode"), boxes, [width, height]


def _origin(whole: ET.Element) -> tuple[float, float]:
    found = re.search(r"translate\(([-\d.e]+)[ ,]+([-\d.e]+)\)", whole.get("transform", ""))
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _box(group: ET.Element) -> list[float] | None:
    for shape in group:
        numbers = [float(n) for n in _NUMBER.findall(shape.get("d", "") or shape.get("points", ""))]
        if numbers:
            xs, ys = numbers[0::2], numbers[1::2]
            return [min(xs), min(ys), round(max(xs) - min(xs), 2), round(max(ys) - min(ys), 2)]
    return None


def _dress(group: ET.Element, kinds: list[str], look: Look) -> None:
    texts = group.findall(f"{_SVG}text")
    if {"plus", "times", "small"}.intersection(kinds):
        return
    colour = look.colours.quiet
    for index, text in enumerate(texts):
        if (text.text or "").startswith("⚠"):
            colour = look.colours.problem
        if index:
            text.set("fill", colour)
        elif len(texts) > 1:
            text.set("font-weight", _WEIGHT)
    if "stacked" in kinds:
        card = group.find(f"{_SVG}path")
        assert card is not None
        for step in (6, 3):
            behind = copy.deepcopy(card)
            behind.set("transform", f"translate({step} {step})")
            behind.set("stroke-opacity", "0.55" if step == 3 else "0.35")
            group.insert(list(group).index(card), behind)


def _dress_lane(group: ET.Element, look: Look) -> None:
    """Titles bold, and held at their outer end: Graphviz has measured them thin and centred."""
    box = _box(group)
    for text in group.findall(f"{_SVG}text"):
        text.set("font-weight", _WEIGHT)
        text.text = (text.text or "").rstrip("\u00a0")
        if box is not None:
            left = look.direction == "LR"
            text.set("text-anchor", "start" if left else "end")
            text.set("x", f"{box[0] + 10 if left else box[0] + box[2] - 10:g}")
