"""What the views of one window share. Knows no view."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_studio.ui.confirmer import Confirmer
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState


@dataclass(frozen=True, slots=True)
class Room:
    """What the views of one window share."""

    document: Document
    theme: ThemeManager
    view_state: ViewState
    engine: EngineClient
    confirmer: Confirmer
    settings: Settings
