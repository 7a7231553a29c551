"""What the user answers to a question. Knows no dialog."""

from __future__ import annotations

from enum import Enum


class Answer(Enum):
    """What the user wants."""

    SAVE = "save"
    SAVE_AS = "save as"
    DISCARD = "discard"
    BESIDE = "beside"
    OVERWRITE = "overwrite"
    YES = "yes"
    KEEP = "keep"
    CANCEL = "cancel"
