"""Offers what a dead window left, as a banner that shows both times. Knows banners and files, and no views."""

from __future__ import annotations

from datetime import datetime

from resnet_studio.language import tr
from resnet_studio.ui.shell.autosave import Autosave
from resnet_studio.ui.shell.banner import BannerStack, Choice, Tone
from resnet_studio.ui.shell.files import FileKeeper
from resnet_studio.ui.shell.recovery import Recovered, orphans

_AT_MOST = 3


def offer_recovery(banners: BannerStack, files: FileKeeper, autosave: Autosave) -> None:
    """One banner for each copy that a dead window left, the newest first; what is not shown now comes with the next start."""
    # The banner that is told last stands on top.
    for recovered in reversed(orphans()[:_AT_MOST]):
        _offer(recovered, banners, files, autosave)


def _offer(recovered: Recovered, banners: BannerStack, files: FileKeeper, autosave: Autosave) -> None:
    def open_copy() -> None:
        if files.open_recovered(recovered.design, recovered.path, recovered.known):
            # Its own copy first, then the old one goes: at no moment is there none.
            autosave.write_now()
            if autosave.written_at is not None:
                recovered.discard()
        else:
            _offer(recovered, banners, files, autosave)

    name = recovered.path.name if recovered.path is not None else recovered.design.name
    banners.tell(
        tr("An unsaved drawing was found: “{name}”", name=name),
        times(recovered),
        Tone.INFO,
        Choice(tr("Open the copy"), open_copy, primary=True),
        Choice(tr("Delete it"), recovered.discard),
    )


def times(recovered: Recovered) -> str:
    """When the copy was made, and when its file was saved."""
    saved = recovered.saved
    if recovered.path is None:
        there = tr("it was never saved")
    elif saved is None:
        there = tr("its file {path} is gone", path=recovered.path)
    else:
        there = tr("its file {path} was saved {time}", path=recovered.path, time=_clock(saved))
    return tr("Autosaved {time}; {there}.", time=_clock(recovered.written), there=there)


def _clock(moment: datetime) -> str:
    return moment.strftime("%d %b %Y %H:%M:%S")
