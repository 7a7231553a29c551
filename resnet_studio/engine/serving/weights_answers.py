"""The engine's answers about weights: torchvision's table, and what a source would bring into a drawing. Knows no window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.engine.serving.channel import Conversation
from resnet_studio.runs.initial import Initial, initial_from
from resnet_studio.runs.results import PretrainedEntry

_FIELDS = ("source", "origin", "slices", "sha256")


def initial_in(args: Mapping[str, Any]) -> Initial:
    """The weights that a request names.

    Raises:
        StudioError: it names them wrongly.
    """
    return initial_from(
        {"origin": None, "slices": False, "sha256": ""} | {n: args[n] for n in _FIELDS if n in args}
    )


def pretrained(_talk: Conversation) -> Mapping[str, Any]:
    """torchvision's weights that fit a preset."""
    from resnet_studio.engine.weights.pretrained import table

    entries: list[PretrainedEntry] = [
        {
            "name": entry.name,
            "preset": entry.preset,
            "title": entry.title,
            "bytes": entry.bytes,
            "top1": entry.top1,
            "here": entry.is_here,
            "default": entry.is_default,
        }
        for entry in table()
    ]
    return {"weights": entries}


def look_weights(talk: Conversation) -> Mapping[str, Any]:
    """What a source holds, fetched where it is torchvision's, and what would be carried into the drawing."""
    from resnet_studio.engine.weights.starting import survey, survey_to_wire

    args = talk.request.args
    design = args.get("design")
    if not isinstance(design, str):
        raise StudioError("The request 'look_weights' needs a text as 'design'.")
    found = survey(
        initial_in(args), files.loads(design), progress=talk.progress, cancelled=talk.cancelled.is_set
    )
    return dict(survey_to_wire(found))
