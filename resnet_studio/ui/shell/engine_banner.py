"""Tells that the engine is gone for good, and offers to start it again. Knows banners and the seat, and no view."""

from __future__ import annotations

from resnet_studio.language import tr
from resnet_studio.ui.engine_seat import EngineSeat
from resnet_studio.ui.shell.banner import BannerStack, Choice, Tone


def follow_engine(banners: BannerStack, engine: EngineSeat) -> None:
    """Put it up when the engine has been given up; while it only restarts, the status bar says so."""

    def tell(words: str) -> None:
        if engine.gave_up:
            detail = tr(
                "Drawing and counting go on; torchinfo, diagram, training and export need the engine."
            )
            banners.tell(words, detail, Tone.WARN, Choice(tr("Retry"), engine.retry, primary=True))

    engine.died.connect(tell)
