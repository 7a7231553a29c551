"""Tells across the window that a run waits for the disk, or that one of the queue failed. Knows banners, and no view's inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resnet_studio.language import tr
from resnet_studio.runs.queue import Entry
from resnet_studio.ui.shell.banner import BannerStack, Choice, Tone

if TYPE_CHECKING:
    from resnet_studio.ui.shell.train_button import Training
    from resnet_studio.ui.shell.train_views import TrainViews

_PAUSED = "paused"


def follow_training(banners: BannerStack, views: TrainViews) -> None:
    """Put the question up when a run waits, and take it away when it goes on or ends."""
    asked = ""

    def show(training: Training) -> None:
        nonlocal asked
        panel = views.panel
        if training.paused == asked or panel is None:
            return
        asked = training.paused
        banners.drop(_PAUSED)
        if asked:
            # Who trains elsewhere tries again by itself, or asks there.
            again = () if panel.runner.is_followed else (Choice(tr("Try again"), panel.retry, primary=True),)
            stop = Choice(tr("Stop"), panel.stop)
            banners.tell(
                tr("The run waits: the disk took nothing."), asked, Tone.BAD, *again, stop, topic=_PAUSED
            )

    views.changed.connect(show)


def follow_queue(banners: BannerStack, views: TrainViews) -> None:
    """Tell of a run that failed while others were waiting: the next one has begun already."""

    def tell(entry: Entry) -> None:
        if not entry.good:
            show = Choice(tr("Show"), lambda: views.with_panel(lambda panel: panel.show_run(entry.folder)))
            banners.tell(
                tr("A run of the queue failed: {name}", name=entry.run.name), entry.said, Tone.BAD, show
            )

    views.queue.ended.connect(tell)
    views.queue.failed.connect(lambda error: banners.tell(error.what, error.remedy, Tone.BAD))
