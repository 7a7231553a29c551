"""What a drag carries, read from what the window system hands over. Knows no canvas; anybody may send anything under our names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QMimeData

from resnet_studio.design.errors import StudioError
from resnet_studio.design.limits import MAX_NAME
from resnet_studio.design.types import BlockKind, BlockSpec
from resnet_studio.ui.block_text import (
    BLOCKS_MIME,
    KIND_MIME,
    STAGE_KIND,
    STAGE_MIME,
    from_text,
    holds_blocks,
    to_text,
)

# Tells this program's own windows apart from another's, whose block ids mean nothing here.
OWN = uuid4().hex


@dataclass(frozen=True, slots=True)
class Carried:
    """What a drag carries: a kind or a new stage, blocks of this drawing by id, foreign blocks by spec, or a stage.

    `lane` is the name of a foreign stage, whose blocks are `specs`. `near` is the token of the canvas of
    this program that they come from, which can give them away. `fault` says why nothing can be made of it.
    """

    kind: BlockKind | None = None
    new_stage: bool = False
    ids: tuple[str, ...] = ()
    specs: tuple[BlockSpec, ...] = ()
    stage: str = ""
    lane: str = ""
    near: str = ""
    fault: str = ""

    @property
    def goes_between_lanes(self) -> bool:
        """Whether it is dropped between lanes instead of into one."""
        return self.new_stage or bool(self.stage) or bool(self.lane)


def blocks_data(token: str, ids: Sequence[str], specs: Sequence[BlockSpec]) -> QMimeData:
    """Blocks for a drag: by id for their own canvas, as text for all others."""
    return _data(BLOCKS_MIME, {"from": token, "ids": list(ids)}, specs)


def stage_data(token: str, stage_id: str, name: str, specs: Sequence[BlockSpec]) -> QMimeData:
    """The same for a whole stage."""
    return _data(STAGE_MIME, {"from": token, "stage": [stage_id], "name": name}, specs)


def _data(mime: str, head: dict[str, object], specs: Sequence[BlockSpec]) -> QMimeData:
    data = QMimeData()
    data.setData(mime, json.dumps(head).encode())
    data.setText(to_text(specs))
    return data


def read(data: QMimeData, token: str) -> Carried | None:
    """What a drag carries for the canvas with this token, or None when it is nothing for a drawing."""
    if data.hasFormat(KIND_MIME):
        return _kind(bytes(data.data(KIND_MIME).data()))
    stage, blocks = _head(data, STAGE_MIME), _head(data, BLOCKS_MIME)
    if stage.get("from") == token and len(_texts(stage.get("stage"))) == 1:
        return Carried(stage=_texts(stage["stage"])[0])
    if blocks.get("from") == token and (ids := _texts(blocks.get("ids"))):
        return Carried(ids=ids)
    if not (data.hasText() and holds_blocks(data.text())):
        return None
    try:
        specs = from_text(data.text())
    except StudioError as error:
        return Carried(fault=str(error))
    source = str((stage or blocks).get("from", ""))
    name = stage.get("name")
    lane = name if isinstance(name, str) and 0 < len(name) <= MAX_NAME else ""
    return Carried(specs=specs, lane=lane, near=source if source.startswith(f"{OWN}/") else "")


def _head(data: QMimeData, mime: str) -> dict[str, Any]:
    if not data.hasFormat(mime):
        return {}
    try:
        value = json.loads(bytes(data.data(mime).data()))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(i for i in value if isinstance(i, str)) if isinstance(value, list) else ()


def _kind(data: bytes) -> Carried | None:
    if data == STAGE_KIND.encode():
        return Carried(new_stage=True)
    try:
        return Carried(kind=BlockKind(data.decode("ascii", "replace")))
    except ValueError:
        return None
