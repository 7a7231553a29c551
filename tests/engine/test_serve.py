"""The engine process, as the window starts it: a real child, talked to over its pipes."""

import json
import os
import select
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps
from resnet_studio.design.presets import preset
from resnet_studio.design.types import InputSpec
from resnet_studio.engine.serving.answers import _borrowed
from resnet_studio.engine.serving.channel import Channel, Conversation
from resnet_studio.engine.serving.serve import Server
from resnet_studio.engine.training.evaluate import evaluate
from resnet_studio.runs import wire
from resnet_studio.runs.evaluation import evaluation_from
from resnet_studio.runs.spec import default_spec, spec_to
from tests.engine.train_helpers import new_run, train_here

PATIENCE = 120.0


class Engine:
    """A child and what it has said."""

    def __init__(self, *command: str) -> None:
        self.child = subprocess.Popen(
            command or (sys.executable, "-m", "resnet_studio.engine.serving.serve"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self.number = 0
        self.rest = b""

    def send(self, do: str, **args: Any) -> int:
        self.number += 1
        self.raw(wire.encode_request(wire.Request(self.number, do, args)))
        return self.number

    def raw(self, data: bytes) -> None:
        assert self.child.stdin is not None
        left = memoryview(data)
        while left:
            left = left[self.child.stdin.write(left) :]

    def line(self) -> bytes:
        assert self.child.stdout is not None
        while b"\n" not in self.rest:
            assert select.select([self.child.stdout], [], [], PATIENCE)[0], "the engine said nothing"
            more = os.read(self.child.stdout.fileno(), 1 << 16)
            assert more, "the engine ended"
            self.rest += more
        line, self.rest = self.rest.split(b"\n", 1)
        return line

    def heard(self) -> wire.Answer:
        return wire.decode_answer(self.line())

    def last_of(self, number: int) -> wire.Answer:
        """The request's last answer; progress and what others got is passed over."""
        while True:
            answer = self.heard()
            if answer.id == number and not isinstance(answer, wire.Progress):
                return answer

    def ask(self, do: str, **args: Any) -> Any:
        answer = self.last_of(self.send(do, **args))
        assert isinstance(answer, wire.Result), answer
        return answer.value

    def end(self) -> None:
        self.child.kill()
        self.child.wait()
        for stream in (self.child.stdin, self.child.stdout, self.child.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def engine() -> Iterator[Engine]:
    it = Engine()
    yield it
    it.end()


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    it = Engine()
    assert isinstance(it.heard(), wire.Result)
    yield it
    it.end()


def test_it_says_by_itself_that_it_is_ready(engine: Engine) -> None:
    told = engine.heard()
    assert isinstance(told, wire.Result)
    assert told.id == wire.READY_ID
    assert told.value["ready"] is True
    assert told.value["devices"][0]["name"] == "cpu"
    assert told.value["torch"]
    assert engine.ask("hello") == told.value


@pytest.mark.allow_children
def test_it_confirms_and_draws(shared: Engine) -> None:
    text = dumps(preset("resnet50"))
    told = shared.ask("confirm", design=text)
    assert told["agrees"] is True
    assert (told["params"], told["macs"]) == (25_557_032, analyse(preset("resnet50")).totals.torchinfo_macs)
    assert told["rows"][0] == {"name": "conv1", "params": 9408, "macs": 118013952, "output": [64, 112, 112]}
    drawn = shared.ask("diagram", design=text, detail="blocks", fold=True, theme="dark", direction="LR")
    assert drawn["svg"].startswith("<svg")
    assert set(drawn["boxes"]) == set(drawn["nodes"])


@pytest.mark.allow_children
def test_it_writes_pictures_and_exports(shared: Engine, tmp_path: Path) -> None:
    text = dumps(preset("digits_starter"))
    picture, weights = tmp_path / "net.png", tmp_path / "net.pt"
    assert shared.ask("render", design=text, path=str(picture), format="png")["path"] == str(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    receipt = shared.ask("export", design=text, weights="fresh", path=str(weights), state_dict=True)
    assert receipt["path"] == str(weights)
    assert receipt["max_difference"] == 0
    assert receipt["bytes"] == weights.stat().st_size
    assert (tmp_path / "net.state_dict.pt").exists()


@pytest.mark.allow_children
def test_it_looks_at_weights_and_exports_with_them(shared: Engine, tmp_path: Path) -> None:
    text, first, second = dumps(preset("digits_starter")), tmp_path / "first.pt", tmp_path / "second.pt"
    shared.ask("export", design=text, path=str(first))
    told = shared.ask("look_weights", design=text, source=str(first))
    assert (told["carried"], told["fresh"], told["how"]) == (38, 0, "its design lies in the file")
    named = {"source": str(first), "origin": told["origin"], "slices": False, "sha256": told["sha256"]}
    receipt = shared.ask("export", design=text, path=str(second), weights="imported", **named)
    assert receipt["weights"] == "imported"
    assert any("38 carried" in note for note in receipt["notes"])
    answer = shared.last_of(
        shared.send("export", design=text, path=str(second), **named | {"sha256": "0" * 64})
    )
    assert isinstance(answer, wire.Failure)
    assert "has changed" in answer.what
    entries = shared.ask("pretrained")["weights"]
    assert "ResNet50_Weights.IMAGENET1K_V2" in {entry["name"] for entry in entries}


@pytest.mark.allow_children
def test_it_evaluates_a_run(shared: Engine, tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=1)
    train_here(run)
    found = evaluation_from(shared.ask("evaluate", run=str(run.path)))
    assert found == evaluate(run)
    answer = shared.last_of(shared.send("evaluate", run=str(tmp_path)))
    assert isinstance(answer, wire.Failure)
    assert "is not a run" in answer.what


@pytest.mark.allow_children
def test_wrong_requests_are_answered_in_words_and_the_engine_lives_on(shared: Engine, tmp_path: Path) -> None:
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("confirm", {"design": "{"}, "not JSON"),
        ("confirm", {"design": 3}, "needs a text"),
        ("confirm", {}, "needs a text"),
        ("look_weights", {"source": str(tmp_path / "no.pt")}, "needs a text"),
        ("look_weights", {"source": str(tmp_path / "no.pt"), "design": dumps(preset("resnet18"))}, "no.pt"),
        ("look_weights", {"source": 3, "design": dumps(preset("resnet18"))}, "path or a name"),
        ("diagram", {"design": dumps(preset("resnet18")), "theme": "pink"}, "theme"),
        ("render", {"design": dumps(preset("resnet18")), "path": str(tmp_path), "format": "svg"}, "folder"),
        (
            "export",
            {"design": dumps(preset("digits_starter")), "path": str(tmp_path / "no" / "x.pt")},
            "written",
        ),
        ("export", {"run": str(tmp_path / "none"), "path": str(tmp_path / "x.pt")}, ""),
        ("fly", {}, "does not know 'fly'"),
    ]
    for do, args, words in wrong:
        answer = shared.last_of(shared.send(do, **args))
        assert isinstance(answer, wire.Failure), (do, answer)
        assert words in answer.what
        assert "Traceback" not in answer.what
    for line in (
        b"nonsense\n",
        b"[]\n",
        b"\xff\xfe\n",
        b"\n",
        b'{"id": 1}\n',
        b'{"id": 900, "do": "cancel", "cancel": [1]}\n',
    ):
        shared.raw(line)
    assert shared.ask("hello")["ready"] is True


@pytest.mark.allow_children
def test_a_newer_question_supersedes_the_older_ones_that_wait(shared: Engine) -> None:
    # Sent in one write, so that the engine reads on while the first one is being drawn.
    text = dumps(preset("resnet152"))
    requests = [
        wire.Request(1000 + i, "diagram", {"design": text, "detail": "layers", "fold": False})
        for i in range(6)
    ]
    shared.raw(b"".join(wire.encode_request(request) for request in requests))
    told: dict[int, wire.Answer] = {}
    while len(told) < len(requests):
        answer = shared.heard()
        told[answer.id] = answer
    assert isinstance(told[1005], wire.Result)
    failures = [answer for answer in told.values() if isinstance(answer, wire.Failure)]
    assert failures
    assert {failure.what for failure in failures} == {"superseded"}


@pytest.mark.allow_children
def test_a_running_request_can_be_taken_back(shared: Engine, tmp_path: Path) -> None:
    target = tmp_path / "net.pt"
    target.write_bytes(b"old")
    number = shared.send("export", design=dumps(preset("cifar_resnet110")), path=str(target))
    first = shared.heard()
    assert isinstance(first, wire.Progress)
    shared.send("cancel", cancel=number)
    answer = shared.last_of(number)
    assert isinstance(answer, wire.Failure)
    assert answer.what == "Cancelled."
    assert target.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.pt"]


@pytest.mark.allow_children
def test_while_learning_rates_are_tried_it_answers_others_and_takes_back_at_once(shared: Engine) -> None:
    # A hundred steps of a deep network take far longer than counting a small one.
    deep = edits.adapt(preset("cifar_resnet110"), spec=InputSpec(channels=1, height=8, width=8), classes=10)
    number = shared.send("rates", design=dumps(deep), spec=spec_to(default_spec("digits")))
    first = shared.heard()
    assert isinstance(first, wire.Progress)
    assert first.value is not None
    assert first.value["loss"] > 0
    assert shared.ask("confirm", design=dumps(preset("digits_starter")))["agrees"] is True
    shared.send("cancel", cancel=number)
    answer = shared.last_of(number)
    assert isinstance(answer, wire.Failure)
    assert answer.what == "Cancelled."


def test_the_end_of_the_window_waits_for_what_leaves_files_alone() -> None:
    server = Server(Channel(BytesIO()))
    talks = [
        Conversation(wire.Request(number, do, args), server.channel)
        for number, (do, args) in enumerate(
            # Where weights are read, a copy of them lies about.
            (("rates", {"initial": None}), ("export", {}), ("rates", {"initial": {"source": "w.pt"}}))
        )
    ]
    server._running.update({talk.request.id: talk for talk in talks})
    server.give_up(0.0)
    assert all(talk.cancelled.is_set() for talk in talks)
    assert server._long_ones() == talks[1:]


def children_of(pid: int) -> list[int]:
    found = [
        int(p) for task in Path(f"/proc/{pid}/task").glob("*/children") for p in task.read_text().split()
    ]
    return found + [below for child in found for below in children_of(child)]


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        select.select([], [], [], 0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", ["end of stdin", "killed"])
def test_the_windows_end_leaves_no_process(engine: Engine, tmp_path: Path, how: str) -> None:
    engine.heard()
    engine.send("export", design=dumps(preset("cifar_resnet110")), path=str(tmp_path / "net.pt"))
    wait_until(lambda: children_of(engine.child.pid))
    below = children_of(engine.child.pid)
    assert engine.child.stdin is not None
    if how == "end of stdin":
        engine.child.stdin.close()
        assert engine.child.wait(PATIENCE) == 0
        assert list(tmp_path.iterdir()) == []
    else:
        engine.child.kill()
        assert engine.child.wait(PATIENCE) == -signal.SIGKILL
    wait_until(lambda: all(gone(pid) for pid in below))


def test_the_end_of_stdin_during_start_ends_it(engine: Engine) -> None:
    assert engine.child.stdin is not None
    engine.child.stdin.close()
    assert engine.child.wait(PATIENCE) == 0


def test_shutdown_is_answered_and_obeyed(engine: Engine) -> None:
    engine.heard()
    assert engine.ask("shutdown") == {}
    assert engine.child.wait(PATIENCE) == 0


def test_nothing_but_answers_reaches_stdout() -> None:
    code = (
        "import os, sys\n"
        "from resnet_studio.engine.serving import answers, serve\n"
        "def noisy(talk):\n"
        "    print('stray'); os.write(1, b'stray'); os.system('echo stray'); return {}\n"
        "answers._HANDLERS['noisy'] = noisy\n"
        "sys.exit(serve.main())\n"
    )
    engine = Engine(sys.executable, "-c", code)
    try:
        engine.heard()
        assert engine.ask("noisy") == {}
        assert json.loads(engine.line() if engine.send("hello") else b"")["result"]["ready"]
    finally:
        engine.end()


def test_a_bug_is_answered_logged_and_survived() -> None:
    code = (
        "import sys\n"
        "from resnet_studio.engine.serving import answers, serve\n"
        "answers._HANDLERS['buggy'] = lambda talk: 1 // 0\n"
        "sys.exit(serve.main())\n"
    )
    engine = Engine(sys.executable, "-c", code)
    try:
        engine.heard()
        answer = engine.last_of(engine.send("buggy"))
        assert isinstance(answer, wire.Failure)
        assert "ZeroDivisionError" in answer.what
        assert engine.ask("hello")["ready"]
        assert engine.child.stderr is not None
        assert engine.child.stdin is not None
        engine.child.stdin.close()
        assert b"Traceback" in engine.child.stderr.read()
    finally:
        engine.end()


def test_what_was_cancelled_keeps_nothing_of_its_network() -> None:
    held: list[weakref.ref[torch.nn.Module]] = []

    def work() -> None:
        network = torch.nn.Linear(2, 2)
        held.append(weakref.ref(network))
        raise StudioError("Cancelled.")

    with pytest.raises(StudioError) as error, _borrowed():
        work()
    # Whoever answers still holds the error.
    assert error.value.what == "Cancelled."
    assert held[0]() is None
