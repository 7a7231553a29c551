"""Which weights a network begins with instead of fresh ones, as a value and as JSON. Knows no torch and opens no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr

_MAX_SOURCE = 4096
_FIELDS = ("source", "origin", "slices", "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Initial:
    """Weights from elsewhere.

    Args:
        source: a file's absolute path, or the name of torchvision's weights ("ResNet50_Weights.IMAGENET1K_V2").
        origin: the drawing they belong to, whose block ids say where each tensor goes; None to find it out.
        slices: carry a part of a tensor where channels changed.
        sha256: of the file that was looked at, in hex; another one is refused. Empty: any.
    """

    source: str
    origin: Design | None = None
    slices: bool = False
    sha256: str = ""

    @property
    def title(self) -> str:
        """The short name for people: a file's last part, or the weights' name."""
        return self.source.replace("\\", "/").rpartition("/")[2] or self.source


def initial_to(initial: Initial) -> dict[str, Any]:
    """The JSON object; `initial_from` gives it back."""
    return {
        "source": initial.source,
        "origin": None if initial.origin is None else files.dumps(initial.origin),
        "slices": initial.slices,
        "sha256": initial.sha256,
    }


def initial_from(value: Any) -> Initial:
    """The value in a parsed JSON object.

    Raises:
        StudioError: it is no object, or a field is missing, unknown or of the wrong type.
    """
    if not isinstance(value, dict) or set(value) != set(_FIELDS):
        raise StudioError(tr("Initial weights must be an object of {fields}.", fields=", ".join(_FIELDS)))
    source, origin, slices, sha256 = (value[name] for name in _FIELDS)
    if not isinstance(source, str) or not source or "\0" in source or len(source) > _MAX_SOURCE:
        raise StudioError(tr("The source of the initial weights must be a path or a name."))
    if origin is not None and not isinstance(origin, str):
        raise StudioError(tr("The origin of the initial weights must be a design's text."))
    if not isinstance(slices, bool):
        raise StudioError(tr("Whether initial weights are sliced must be true or false."))
    if not isinstance(sha256, str) or (sha256 and not _is_sum(sha256)):
        raise StudioError(tr("The sum of the initial weights must be 64 hex digits."))
    design = None if origin is None else files.loads(origin)
    return Initial(source=source, origin=design, slices=slices, sha256=sha256)


def _is_sum(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
