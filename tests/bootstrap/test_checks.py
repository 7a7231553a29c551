"""The checks themselves: what is asked for, how a step is counted, and the line a machine reads."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import checks, steps
from tools.checks import Piece, rooms, summary, understand, waves
from tools.steps import CHECKS, Outcome, run_room

ROOT = Path(__file__).parents[2]


def test_everything_is_checked_without_arguments() -> None:
    assert understand([]).steps == [*CHECKS, *rooms()]


def test_no_folder_of_tests_is_forgotten() -> None:
    holding = {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/**/test_*.py")}
    assert holding <= set(rooms())


def test_no_test_lies_outside_a_room() -> None:
    assert list((ROOT / "tests").glob("test_*.py")) == []


def test_quick_leaves_real_windows_out_and_gives_every_room_so_many_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = understand(["quick"])
    assert request.quick
    assert "e2e" not in request.steps
    assert set(CHECKS) <= set(request.steps)
    asked: dict[str, list[str]] = {}

    def remember(room: str, *, arguments: list[str], **_: object) -> Outcome:
        asked[room] = arguments
        return Outcome(room, passed=1)

    monkeypatch.setattr(checks, "run_room", remember)
    monkeypatch.setattr(checks, "check", lambda step, **_: Outcome(step, passed=1))
    assert checks.main(["quick"]) == 0
    lanes = [
        float(word.removeprefix("--quick="))
        for words in asked.values()
        for word in words
        if "--quick" in word
    ]
    assert len(lanes) == len(asked) == len(rooms()) - 1
    assert sum(lanes) < 2 * 120


def test_paths_lead_to_their_room_and_dashes_to_pytest() -> None:
    request = understand([f"{ROOT}/tests/bootstrap/test_checks.py::test_x", "lint", "-k", "name"])
    assert request.steps == ["bootstrap", "lint"]
    assert request.paths == {"bootstrap": [f"{ROOT}/tests/bootstrap/test_checks.py::test_x"]}
    assert request.pytest == ["-k", "name"]


@pytest.mark.parametrize("word", ["nonsense", "/etc/passwd", "tests", "tests/nowhere"])
def test_an_unknown_word_is_told(word: str) -> None:
    with pytest.raises(SystemExit, match=f"{word} is neither"):
        understand([word])


@pytest.mark.parametrize("words", [[], ["quick"], ["lint"], ["design", "types"]])
def test_every_step_runs_once_whatever_the_wave(words: list[str]) -> None:
    request = understand([word for word in words if word != "design" or "design" in rooms()])
    pieces = [piece for wave in waves(request) for piece in wave]
    assert sorted({piece.step for piece in pieces}) == sorted(request.steps)
    for step in request.steps:
        parts = [piece.part for piece in pieces if piece.step == step]
        assert parts == (
            [""] if len(parts) == 1 else [f"{number + 1}/{len(parts)}" for number in range(len(parts))]
        )


@pytest.mark.parametrize("ours", [True, False])
def test_what_takes_longest_begins_first_and_real_windows_come_alone_on_the_users_screen(
    monkeypatch: pytest.MonkeyPatch, *, ours: bool
) -> None:
    monkeypatch.setattr(checks, "can_bring", lambda: ours)
    first, *others = waves(understand([]))
    assert first[:3] == [Piece("engine", "1/2"), Piece("engine", "2/2"), Piece("ui")]
    assert others == ([] if ours else [[Piece("e2e")]])
    assert (Piece("e2e") in first) is ours
    assert waves(understand(["e2e"])) == [[Piece("e2e")]]


def test_the_last_line_counts_all() -> None:
    outcomes = [Outcome("lint", passed=1), Outcome("ui", passed=40, failed=2, skipped=3), Outcome("cli")]
    *table, last = summary(outcomes, 12.0).splitlines()
    assert last == "41 passed, 2 failed"
    assert any(re.match(r"cli +no tests", line) for line in table)
    assert any(re.match(r"ui +FAILED", line) for line in table)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A room of tests in a folder of its own."""
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "python_for", lambda _room: Path(sys.executable))
    (tmp_path / "tests" / "room").mkdir(parents=True)
    return tmp_path / "tests" / "room"


@pytest.mark.parametrize(
    ("body", "passed", "failed", "skipped", "word"),
    [
        (None, 0, 0, 0, "no tests"),
        ("def test_a(): pass\ndef test_b(): pass", 2, 0, 0, "ok"),
        ("def test_a(): pass\ndef test_b(): assert 0", 1, 1, 0, "FAILED"),
        ("import pytest\ndef test_a(): pytest.skip()\ndef test_b(): pass", 1, 0, 1, "ok"),
        ("import nowhere", 0, 1, 0, "FAILED"),
        ("import os\ndef test_a(): os._exit(0)", 0, 1, 0, "FAILED"),
        ("import os\ndef test_a(): os.abort()", 0, 1, 0, "FAILED"),
        ("import pytest\n@pytest.fixture\ndef x(): yield; assert 0\ndef test_a(x): pass", 0, 1, 0, "FAILED"),
    ],
)
def test_a_room_is_counted(
    room: Path, body: str | None, *, passed: int, failed: int, skipped: int, word: str
) -> None:
    if body is not None:
        (room / "test_it.py").write_text(body)
    outcome = run_room("room", paths=None, arguments=["-p", "no:cacheprovider"])
    counted = (outcome.passed, outcome.failed, outcome.skipped, outcome.word)
    assert counted == (passed, failed, skipped, word)


def test_nothing_outlives_its_step(room: Path, tmp_path: Path) -> None:
    (room / "test_it.py").write_text(
        "import pathlib, subprocess, sys\n"
        "def test_a():\n"
        "    left = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"    pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(left.pid))\n"
    )
    assert run_room("room", paths=None, arguments=["-W", "ignore"]).passed == 1
    stat = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    deadline = time.monotonic() + 30
    while stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z":
        assert time.monotonic() < deadline, "a child of a test outlived its step"
        time.sleep(0.01)


def test_the_exit_status_tells(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(checks, "check", lambda step, **_: Outcome(step, passed=1))
    assert checks.main(["lint"]) == 0
    monkeypatch.setattr(checks, "check", lambda step, **_: Outcome(step, failed=1))
    assert checks.main(["lint"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


def test_ci_does_what_a_person_does() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "./test" in script
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
