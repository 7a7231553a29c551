"""Where the program keeps what it keeps: runs, data sets, state. Knows nothing of what is inside."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "RESNET_STUDIO_HOME"


def home() -> Path:
    """The folder of everything that the program keeps: $RESNET_STUDIO_HOME, or the user's data folder.

    The folder need not exist yet; who writes there makes it.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "ResNet Studio"
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "ResNet Studio"
    # The XDG base directory specification: an empty or relative value counts as unset.
    shared = os.environ.get("XDG_DATA_HOME", "")
    base = Path(shared) if shared.startswith("/") else Path.home() / ".local" / "share"
    return base / "resnet-studio"


def runs_root() -> Path:
    """Where runs are written unless the user names a folder."""
    return home() / "runs"


def data_root() -> Path:
    """Where data sets are downloaded to and looked for unless the user names a folder."""
    return home() / "data"


def state_root() -> Path:
    """Where autosaves and the window's memory lie."""
    return home() / "state"
