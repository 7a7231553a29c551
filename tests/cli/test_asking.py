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
from resnet_studio.cli.terminal import Console, PosixTerminal
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
    monkeypatch.setattr(PosixTerminal, "listens", lambda _terminal: next(places, True))
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


# --- Windows' console, whose keys come one by one ---------------------------------------------------------------------------


@dataclass
class Keys:
    """What is typed: at once, and then so much at each wait."""

    waiting: str
    later: list[str] = field(default_factory=list)
    shown: str = ""

    def key(self) -> str:
        first, self.waiting = self.waiting[0], self.waiting[1:]
        return first

    def wait(self, _seconds: float) -> None:
        self.waiting += self.later.pop(0) if self.later else ""

    def show(self, text: str) -> None:
        self.shown += text

    def console(self) -> Console:
        return Console(lambda: bool(self.waiting), self.key, self.show, self.wait)


@pytest.mark.parametrize(
    ("typed", "said", "shown"),
    [
        (["\r"], "", "\n"),
        (["", "S", "", "to", "P \r"], "stop", "StoP \n"),
        (["sx\b\r"], "s", "sx\b \b\n"),
        (["\b\b\r"], "", "\n"),
        (["\xe0Hs\0;\r"], "s", "s\n"),
        (["\xe0", "\r"], "à", "à\n"),
        (["\t\x1b\r"], "", "\n"),
    ],
)
def test_keys_become_a_line(typed: list[str], said: str, shown: str) -> None:
    keys = Keys("", list(typed))
    console = keys.console()
    found = [console.line(0.2) for _ in typed]
    assert found == [None] * (len(typed) - 1) + [said]
    assert keys.shown == shown


@pytest.mark.parametrize("key", ["\x1a", "\x03"])
def test_a_console_says_its_end(key: str) -> None:
    with pytest.raises(EOFError):
        Keys("", ["s" + key]).console().line(0.2)


@pytest.mark.parametrize(
    ("typed", "again"), [(["", "\r"], True), (["s", "\r"], False), (["\x1a"], False), (["no\r", "\r"], True)]
)
def test_a_console_is_asked_as_a_terminal_is(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, typed: list[str], again: bool
) -> None:
    # What was typed before the question is no answer here either.
    keys = Keys("s\r", list(typed))
    monkeypatch.setattr(asking, "terminal_of", lambda _stream: keys.console())
    assert asked(terminal) is again
    assert terminal.said.count("Press Enter to try again") == (2 if typed[0] == "no\r" else 1)
