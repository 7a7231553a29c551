"""The window's end of the engine: answers find who asked, deaths are survived and told, nothing is left running."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.engine_client import EngineClient

FAKE = [sys.executable, str(Path(__file__).with_name("fake_engine.py"))]
HOPELESS = [sys.executable, "-c", "import sys; sys.exit('no torch here')"]


@pytest.fixture
def engine(qtbot: QtBot) -> Iterator[EngineClient]:
    client = EngineClient(FAKE, back_off_ms=1)
    yield client
    client.close()


def ask(qtbot: QtBot, engine: EngineClient, do: str, **args: Any) -> Any:
    """The result, or the StudioError."""
    answers: list[Any] = []
    engine.request(do, answers.append, answers.append, **args)
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    return answers[0]


def test_a_request_made_before_the_engine_is_ready_is_answered(qtbot: QtBot, engine: EngineClient) -> None:
    answers: list[Any] = []
    engine.request("echo", answers.append, text="é\u2028")
    assert engine.hello is None
    engine.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    assert answers == [{"do": "echo", "text": "é\u2028"}]
    assert engine.hello is not None
    assert engine.hello["devices"][0]["label"] == "CPU, 2 threads"


def test_progress_comes_before_the_result(qtbot: QtBot, engine: EngineClient) -> None:
    engine.start()
    told: list[Any] = []
    engine.request("count", told.append, on_progress=lambda progress: told.append(progress["done"]))
    qtbot.waitUntil(lambda: len(told) == 3, timeout=20_000)
    assert told == [1, 2, {"counted": 2}]


def test_an_error_names_what_and_remedy(qtbot: QtBot, engine: EngineClient) -> None:
    engine.start()
    error = ask(qtbot, engine, "fail")
    assert isinstance(error, StudioError)
    assert (error.what, error.remedy) == ("It cannot be done.", "Do without.")


@pytest.mark.allow_logs("what is not an answer")
def test_a_line_that_is_no_answer_disturbs_nobody(qtbot: QtBot, engine: EngineClient) -> None:
    engine.start()
    assert ask(qtbot, engine, "nonsense") == {}


def test_a_forgotten_request_stays_silent(qtbot: QtBot, engine: EngineClient) -> None:
    engine.start()
    heard: list[Any] = []
    number = engine.request("echo", heard.append, heard.append)
    engine.forget(number)
    assert ask(qtbot, engine, "echo", last=True) == {"do": "echo", "last": True}
    assert heard == []


def test_cancelling_ends_a_request_with_an_error(qtbot: QtBot, engine: EngineClient) -> None:
    engine.start()
    heard: list[Any] = []
    engine.cancel(engine.request("never", heard.append, heard.append))
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    assert isinstance(heard[0], StudioError)
    assert heard[0].what == "Cancelled."


def test_a_death_fails_the_request_and_the_next_engine_answers(qtbot: QtBot, engine: EngineClient) -> None:
    engine.start()
    died: list[str] = []
    engine.died.connect(died.append)
    error = ask(qtbot, engine, "die")
    assert isinstance(error, StudioError)
    assert "exit code 3" in error.what
    assert "out of luck" in error.what
    qtbot.waitUntil(lambda: engine.hello is not None, timeout=20_000)
    assert ask(qtbot, engine, "echo") == {"do": "echo"}
    assert len(died) == 1
    assert not engine.gave_up


def test_an_engine_that_cannot_live_is_given_up_after_three_more_tries(qtbot: QtBot) -> None:
    client = EngineClient(HOPELESS, back_off_ms=1)
    died: list[str] = []
    client.died.connect(died.append)
    client.start()
    qtbot.waitUntil(lambda: client.gave_up, timeout=30_000)
    assert len(died) == 4
    assert "no torch here" in died[-1]
    error = ask(qtbot, client, "echo")
    assert isinstance(error, StudioError)
    client._command = FAKE
    client.retry()
    qtbot.waitUntil(lambda: client.hello is not None, timeout=20_000)
    assert ask(qtbot, client, "echo") == {"do": "echo"}
    client.close()


def test_a_program_that_is_not_there_is_told_in_words(qtbot: QtBot) -> None:
    client = EngineClient(["/nowhere/engine"], back_off_ms=1)
    died: list[str] = []
    client.died.connect(died.append)
    client.start()
    qtbot.waitUntil(lambda: client.gave_up, timeout=20_000)
    assert "could not be started" in died[0]
    client.close()


def test_closing_ends_even_an_engine_that_hangs(qtbot: QtBot, engine: EngineClient) -> None:
    engine.start()
    qtbot.waitUntil(lambda: engine.hello is not None, timeout=20_000)
    heard: list[Any] = []
    engine.request("hang", heard.append, heard.append)
    engine.close()
    assert heard == []
    engine.start()
    assert engine.hello is None or not heard
