"""The settings that were used last, as a line of text that the next window reads. Knows no widget, and not where it is kept."""

from __future__ import annotations

import json
import logging

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.spec import TrainSpec, spec_from, spec_to

LOG = logging.getLogger(__name__)


def settings_text(spec: TrainSpec) -> str:
    """The settings as text; `settings_in` gives them back."""
    return json.dumps(spec_to(spec))


def settings_in(text: str) -> TrainSpec | None:
    """The settings in such a text; None where it is empty, half, or another version's: nobody shall be kept from starting by it."""
    if not text:
        return None
    try:
        return spec_from(json.loads(text))
    except (StudioError, ValueError, RecursionError) as error:
        LOG.info("the settings of the last run are forgotten: %s", error)
        return None
