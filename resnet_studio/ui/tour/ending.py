"""What is said when a tour ends, with the way back to what was open before it. Knows the window, and plays nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.shell.banner import Choice, Tone

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow

_TOPIC = "tour"


@dataclass(frozen=True, slots=True)
class Before:
    """The drawing that was open before the tour, and its file if it had one."""

    design: Design
    path: Path | None


def before_of(window: MainWindow) -> Before | None:
    """What is open now; None where nobody has opened anything yet."""
    back = window.start_page.findChild(QPushButton, "startBack")
    known = window.in_editor or (back is not None and not back.isHidden())
    return Before(window.document.design, window.document.path) if known else None


def say_finished(window: MainWindow, before: Before | None) -> None:
    """The last step is done."""
    detail = tr("The drawing stays open, as you left it; Help > Guided tour begins again.")
    _say(window, tr("That was the tour."), detail, _ways_back(window, before))


def say_left(
    window: MainWindow, before: Before | None, go_on: Callable[[], object], *, number: int, title: str
) -> None:
    """Somebody left it in a chapter of this number and title."""
    detail = tr(
        "Its drawing stays open. Help > Guided tour goes on with chapter {number}, {title}.",
        number=number,
        title=title,
    )
    further = Choice(tr("Go on with it"), go_on, primary=True)
    _say(window, tr("You left the tour."), detail, [further, *_ways_back(window, before)])


def drop_ended(window: MainWindow) -> None:
    """That the tour has ended is old news."""
    window.banners.drop(_TOPIC)


def _say(window: MainWindow, what: str, detail: str, choices: list[Choice]) -> None:
    window.banners.tell(what, detail, Tone.INFO, *choices, topic=_TOPIC)


def _ways_back(window: MainWindow, before: Before | None) -> list[Choice]:
    """One to the drawing of before; none when there was none, or it is open again."""
    if before is None or before.design == window.document.design:
        return []
    design, path = before.design, before.path
    if path is not None:
        return [Choice(tr("Open {name} again", name=path.name), lambda: window.open_path(path))]
    return [Choice(tr("Open {name} again", name=design.name), lambda: window.files.new(design))]
