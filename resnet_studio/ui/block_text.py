"""Blocks as text, for the clipboard and for drags between windows, and the MIME names of both. Knows no widget."""

from __future__ import annotations

import json
from collections.abc import Iterable

from resnet_studio.design.errors import StudioError
from resnet_studio.design.limits import MAX_BLOCKS, MAX_FILE_BYTES
from resnet_studio.design.migrations import FORMAT, migrated_spec
from resnet_studio.design.schema import spec_from, spec_to
from resnet_studio.design.schema_fields import SchemaError
from resnet_studio.design.types import BlockSpec
from resnet_studio.language import tr

KIND_MIME = "application/x-resnet-studio-kind"
BLOCKS_MIME = "application/x-resnet-studio-blocks"
STAGE_MIME = "application/x-resnet-studio-stage"
STAGE_KIND = "stage"
_MARK = "resnet_studio_blocks"


def to_text(specs: Iterable[BlockSpec]) -> str:
    """Readable JSON of blocks, without their ids: a paste makes new individuals."""
    return json.dumps({_MARK: FORMAT, "blocks": [spec_to(spec) for spec in specs]}, indent=1)


def from_text(text: str) -> tuple[BlockSpec, ...]:
    """The blocks in a text that `to_text` or a person wrote.

    Raises:
        StudioError: the text holds no blocks, or a wrong value, which is named.
    """
    remedy = tr("Copy blocks first, then paste them.")
    if len(text) > MAX_FILE_BYTES:
        raise StudioError(tr("The clipboard's text is too large to be blocks."), remedy)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise StudioError(tr("The clipboard holds no blocks."), remedy) from None
    if (
        not isinstance(value, dict)
        or value.get(_MARK) not in range(1, FORMAT + 1)
        or not isinstance(value.get("blocks"), list)
    ):
        raise StudioError(tr("The clipboard holds no blocks."), remedy)
    blocks = value["blocks"]
    if not 0 < len(blocks) <= MAX_BLOCKS:
        raise StudioError(
            tr(
                "The clipboard holds {count} blocks; 1 to {most} can be pasted.",
                count=len(blocks),
                most=MAX_BLOCKS,
            )
        )
    try:
        return tuple(
            spec_from(migrated_spec(item, value[_MARK]), f"blocks[{index}]")
            for index, item in enumerate(blocks)
        )
    except SchemaError as error:
        raise StudioError(tr("The clipboard's blocks cannot be read: {why}", why=error.what)) from error


def holds_blocks(text: str) -> bool:
    """Whether a text looks like blocks, by a cheap look at its beginning."""
    return f'"{_MARK}"' in text[:200]
