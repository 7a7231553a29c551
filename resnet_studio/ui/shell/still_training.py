"""Tells a new window what trains, and what ended while no window watched it. Knows banners and the panel's door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs import requests
from resnet_studio.runs.events import Finished, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.following import outcome_of
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.listing import RunInfo, RunState, describe_run
from resnet_studio.runs.outcome import Outcome
from resnet_studio.ui.background import Background
from resnet_studio.ui.shell.banner import Choice, Tone

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow

_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The runs that train, and those that were kept without a window and have ended since, with their outcomes."""

    training: tuple[RunInfo, ...]
    ended: tuple[tuple[RunInfo, Outcome], ...]


def look_for_runs(window: MainWindow) -> None:
    """Look, without holding the window up, and tell."""
    background = Background(window)

    def tell(found: Found) -> None:
        _tell(window, found)
        background.deleteLater()

    background.run(find, tell)


def find() -> Found:
    """What trains, and what ended unseen."""
    training: list[RunInfo] = []
    ended: list[tuple[RunInfo, Outcome]] = []
    try:
        folders = sorted(path for path in runs_root().iterdir() if (path / "run.json").is_file())
    except OSError:
        folders = []
    for run in map(RunFolder, folders):
        kept = requests.may_go_on_alone(run)
        if not kept and not run.is_running():
            continue
        try:
            info = describe_run(run)
            if info.state.is_alive:
                training.append(info)
            elif kept:
                ended.append((info, outcome_of(run)))
        except StudioError:
            # The list of runs says what is wrong with it.
            continue
    return Found(tuple(training), tuple(ended))


def _tell(window: MainWindow, found: Found) -> None:
    for info, outcome in found.ended[-_AT_MOST:]:
        _tell_end(window, info, outcome)
        requests.clear(info.run)
    if not found.training:
        return
    if len(found.training) == 1:
        (info,) = found.training
        epoch = min(info.epochs_done + 1, info.spec.epochs)
        where = {"design": info.design, "epoch": epoch, "epochs": info.spec.epochs}
        what = tr("{design} is still training: epoch {epoch} of {epochs}", **where)
        if info.state is RunState.PAUSED:
            what = tr("{design} is still paused: epoch {epoch} of {epochs}", **where)
        choice = Choice(tr("Show"), lambda: show_run(window, info.run), primary=True)
    else:
        what = trn("{count} run is still training", "{count} runs are still training", len(found.training))
        choice = Choice(tr("Show"), lambda: _show_list(window), primary=True)
    window.banners.tell(what, "", Tone.INFO, choice, topic="stillTraining")


def _tell_end(window: MainWindow, info: RunInfo, outcome: Outcome) -> None:
    choice = Choice(tr("Show"), lambda: show_run(window, info.run), primary=True)
    if isinstance(outcome.last, Finished | Stopped):
        best = (
            ""
            if info.best_accuracy is None
            else tr("The best accuracy is {percent:.1f} %.", percent=100 * info.best_accuracy)
        )
        if isinstance(outcome.last, Finished):
            what = tr("{design} has finished training while no window was open", design=info.design)
        else:
            what = tr("{design} was stopped while no window was open", design=info.design)
        window.banners.tell(what, best, Tone.INFO, choice)
    else:
        what = tr("{design} ended while no window was open", design=info.design)
        window.banners.tell(what, f"{outcome.title} {outcome.advice}".strip(), Tone.BAD, choice)


def show_run(window: MainWindow, run: RunFolder) -> None:
    """Show a run's curves; where nothing is drawn yet, above its drawing."""
    if window.panel is None and not window.in_editor:
        try:
            window.doings.new_design(run.design())
        except StudioError as error:
            window.tell_error(error)
            return
    window.show_editor()
    window.editor.train_views.with_panel(lambda panel: panel.show_run(run))


def _show_list(window: MainWindow) -> None:
    window.show_editor()
    window.show_tab("runs")
