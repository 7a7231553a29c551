"""When two plots are drawn: never both in one turn of the event loop, never more than once each for any number of wishes."""

import random
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from resnet_studio.ui.curves.redraws import Redraws


class Board:
    """Two plots that only remember what they were drawn of, and in which turn of the event loop."""

    def __init__(self) -> None:
        self.wish, self.turn, self.seen = 0, 0, True
        self.shown = [-1, -1]
        self.drawn: list[tuple[int, int]] = []  # (turn, plot)
        self.version = 0
        self.redraws = Redraws(self.draw, lambda: self.version, lambda: self.seen)

    def draw(self, number: int) -> None:
        self.shown[number] = self.wish
        self.drawn.append((self.turn, number))

    def ask(self, wish: int) -> None:
        self.wish = wish
        self.redraws.ask()

    @property
    def is_up_to_date(self) -> bool:
        return self.shown == [self.wish, self.wish] and not self.redraws.is_due


@pytest.fixture
def board(qtbot: QtBot) -> Board:
    made = Board()
    yield made
    made.redraws.set_live(False)
    made.redraws.deleteLater()


def test_one_is_drawn_at_once_and_the_other_in_the_next_turn(board: Board, qtbot: QtBot) -> None:
    board.ask(1)
    assert sorted(board.shown) == [-1, 1]
    assert board.redraws.is_due
    qtbot.waitUntil(lambda: board.is_up_to_date)
    assert len(board.drawn) == 2


def test_dragging_fast_queues_nothing_up_and_leaves_neither_behind(board: Board, qtbot: QtBot) -> None:
    for wish in range(1, 101):
        board.ask(wish)
    # A hundred wishes in one turn: one drawing, which is of the first.
    assert len(board.drawn) == 1
    qtbot.waitUntil(lambda: board.is_up_to_date)
    assert len(board.drawn) == 3
    assert board.shown == [100, 100]


def test_wishes_in_every_turn_are_drawn_by_both_in_turn(board: Board, qtbot: QtBot) -> None:
    def drag() -> None:
        board.turn += 1
        if board.turn <= 40:
            board.ask(board.turn)
            QTimer.singleShot(0, board.redraws, drag)

    drag()
    qtbot.waitUntil(lambda: board.turn > 40 and board.is_up_to_date)
    plots = [plot for _, plot in board.drawn]
    # Neither waits for the end of the drag.
    assert all(plots[at : at + 3] not in ([0, 0, 0], [1, 1, 1]) for at in range(len(plots)))
    # In a turn there may be a wish and what an earlier one left to do, and no more.
    assert max([turn for turn, _ in board.drawn].count(turn) for turn in range(42)) <= 2


def test_a_plot_that_drew_itself_lets_only_the_other_follow(board: Board, qtbot: QtBot) -> None:
    board.redraws.refresh()
    board.drawn.clear()
    board.wish, board.shown[1] = 7, 7
    board.redraws.ask_others(1)
    assert not board.drawn
    qtbot.waitUntil(lambda: board.is_up_to_date)
    assert [plot for _, plot in board.drawn] == [0]


def test_what_is_painted_between_two_turns_is_drawn_before(board: Board, qtbot: QtBot) -> None:
    board.ask(3)
    for plot in (0, 1):
        board.redraws.before_paint(plot)
    assert board.shown == [3, 3]
    qtbot.waitUntil(lambda: not board.redraws.is_due)
    board.redraws.before_paint(0)
    assert len(board.drawn) == 2


def test_what_nobody_sees_is_drawn_when_it_is_seen(board: Board) -> None:
    board.seen = False
    board.ask(5)
    assert not board.drawn
    assert not board.redraws.is_due
    board.seen = True
    board.redraws.refresh()
    assert board.is_up_to_date


def test_a_live_run_is_looked_at_without_being_asked(board: Board, qtbot: QtBot) -> None:
    board.redraws.set_live(True)
    qtbot.waitUntil(lambda: board.shown == [0, 0])
    board.wish, board.version = 1, 1
    qtbot.waitUntil(lambda: board.shown == [1, 1])
    board.redraws.set_live(False)
    board.version = 2
    board.wish = 2
    assert board.shown == [1, 1]


@pytest.mark.parametrize("seed", range(20))
def test_after_anything_both_are_up_to_date_when_the_loop_is_quiet(
    board: Board, qtbot: QtBot, seed: int
) -> None:
    chance = random.Random(seed)
    deeds: list[Callable[[], None]] = [
        lambda: board.ask(board.wish + 1), board.redraws.refresh,
        partial(board.redraws.before_paint, 0), partial(board.redraws.before_paint, 1),
    ]  # fmt: skip

    def zoom() -> None:
        # Only a plot that is up to date draws what the user does to it.
        number = chance.randrange(2)
        if board.is_up_to_date:
            board.wish += 1
            board.shown[number] = board.wish
            board.redraws.ask_others(number)

    board.ask(1)
    for _ in range(30):
        chance.choice([*deeds, zoom])()
    qtbot.waitUntil(lambda: board.is_up_to_date)
