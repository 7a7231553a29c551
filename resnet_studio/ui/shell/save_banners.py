"""Tells that a drawing, or its copy, could not be written, until it could. Knows banners and signals, and no view."""

from __future__ import annotations

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.shell.autosave import Autosave
from resnet_studio.ui.shell.banner import BannerStack, Tone
from resnet_studio.ui.shell.files import FileKeeper

_SAVE, _AUTOSAVE = "save", "autosave"


def follow_saving(banners: BannerStack, files: FileKeeper, autosave: Autosave) -> None:
    """Put the refusals up, and take them away with the first success."""

    def refused(error: StudioError) -> None:
        banners.tell(error.what, error.remedy, Tone.BAD, topic=_SAVE)

    def failed(error: StudioError) -> None:
        banners.tell(error.what, error.remedy, Tone.BAD, topic=_AUTOSAVE)

    files.refused.connect(refused)
    files.saved.connect(lambda: banners.drop(_SAVE))
    autosave.failed.connect(failed)
    autosave.written.connect(lambda: banners.drop(_AUTOSAVE))
