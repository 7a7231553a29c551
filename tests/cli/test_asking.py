"""The question whether to try again, in a real pseudo-terminal; whole runs are asked in tests/engine/test_full_disk.py."""

import io
import os
import select
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from resnet_studio.cli import asking
from resnet_studio.cli.asking import Question, somebody_is_there
from resnet_studio.design.errors import StudioError
from resnet_studio.runs import patience
from tests.cli.program import refusal, run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")
FULL = StudioError("It could not be written.")


@dataclass
class Terminal:
    """A pseudo-terminal whose person acts each time the question looks whether to stop, once it has been shown."""

    person: int
    program: io.TextIOWrapper
    acts: list[Callable[[], None]] = field(default_factory=list)
    said: str = ""
    stop: str = ""

    def looked(self) -> str:
        while select.select([self.person], [], [], 0)[0]:
            self.said += os.read(self.person, 4096).decode()
        if self.said.endswith("to stop: ") and self.acts:
            self.said += "|"
            self.acts.pop(0)()
        return self.stop

    def types(self, data: bytes) -> Callable[[], None]:
        return lambda: (None, os.write(self.person, data))[0]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    person, program = os.openpty()
    reader = io.TextIOWrapper(io.FileIO(program), encoding="utf-8")
    writer = io.TextIOWrapper(io.FileIO(os.dup(program), "w"), encoding="utf-8", write_through=True)
    # Not sys itself: pytest puts its own streams back before the test begins.
    for module in (asking, patience):
        monkeypatch.setattr(module, "sys", SimpleNamespace(stdin=reader, stderr=writer))
    yield Terminal(person, writer)
    reader.close()
    writer.close()
    os.close(person)


def asked(terminal: Terminal, *, bar: Callable[[], None] = lambda: None) -> bool:
    question = Question(Path(), terminal.looked, bar)
    again = question.ask(FULL)
    assert question.given_up is not again
    terminal.looked()
    return again


@pytest.mark.parametrize(
    ("typed", "again"),
    [(b"\n", True), (b"s\n", False), (b" Stop \n", False), (b"\x04", False), (b"perhaps\n", None)],
)
def test_what_is_typed_answers(terminal: Terminal, typed: bytes, again: bool | None) -> None:
    terminal.acts = [terminal.types(typed), terminal.types(b"\n")]
    cleared = []
    assert asked(terminal, bar=lambda: cleared.append(terminal.said)) is (again is not False)
    assert cleared == [""], "a bar goes before anything is written"
    assert "It could not be written. Its disk has " in terminal.said
    assert terminal.said.count("Press Enter to try again") == (2 if again is None else 1)


def test_what_was_typed_before_is_no_answer(terminal: Terminal) -> None:
    os.write(terminal.person, b"s\n")
    terminal.acts = [terminal.types(b"\n")]
    assert asked(terminal)


def test_a_reason_to_stop_is_heard_while_nobody_answers(terminal: Terminal) -> None:
    def comes() -> None:
        terminal.stop = "asked by the test"

    terminal.acts = [comes]
    assert not asked(terminal)


def test_in_the_background_it_reads_nothing_and_asks_again_in_front(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = iter([False, True, False, True])
    monkeypatch.setattr(asking, "_in_front", lambda _terminal: next(places, True))
    monkeypatch.setattr(asking, "_LOOK_SECONDS", 0.01)
    terminal.acts = [lambda: None, terminal.types(b"\n")]
    assert asked(terminal)
    assert terminal.said.count("Press Enter to try again") == 2


def test_only_where_both_ends_are_a_terminal_is_somebody_there(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert somebody_is_there()
    monkeypatch.setattr(asking, "sys", SimpleNamespace(stdin=io.StringIO(), stderr=terminal.program))
    assert not somebody_is_there()


def test_who_reads_events_is_asked_by_an_event(tmp_path: Path) -> None:
    ended = run("train", "digits_starter", "--events", "--on-full-disk", "wait", folder=tmp_path)
    assert "not for --events" in refusal(ended)
    assert not (tmp_path / ".home").exists()
