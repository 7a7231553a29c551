"""Runs one step of the checks and says how it went; knows nothing of which steps are asked for."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tools.rooms import ROOT, python_for
from tools.screen import can_bring, screen
from tools.talk import SetupError

LIMIT_SECONDS = 1500  # for one room; a hang shows where it hangs long before (STUCK_SECONDS)
STUCK_SECONDS = 300  # for one test
NEED_SCREEN = {"e2e"}
MEASURED = ROOT / ".tools" / "costs"  # what a whole room's tests took, for tools/costs.py
NO_TESTS = 5  # pytest's exit status
_BIN = Path(sys.executable).parent
CHECKS = {
    "lint": [str(_BIN / "ruff"), "check", "."],
    "format": [str(_BIN / "ruff"), "format", "--check", "."],
    "types": [str(_BIN / "mypy")],
    "imports": [str(_BIN / "lint-imports"), "--no-logo"],
}
_running: set["subprocess.Popen[bytes]"] = set()
_interrupted = threading.Event()


@dataclass(frozen=True)
class Outcome:
    """How a step went. A check counts as one test; so does a room that broke off without counting."""

    step: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    note: str = ""

    @property
    def word(self) -> str:
        """Return the result in one word."""
        if self.failed:
            return "FAILED"
        return "ok" if self.passed else "no tests"


def check(step: str, *, output: IO[bytes] | None = None) -> Outcome:
    """Run a check that is one command; what it prints goes to `output`, or straight to the terminal."""
    begin = time.monotonic()
    good = _watch(CHECKS[step], env=_environment(), output=output) == 0
    return Outcome(step, passed=int(good), failed=int(not good), seconds=time.monotonic() - begin)


def run_room(
    room: str,
    *,
    paths: list[str] | None,
    arguments: list[str],
    part: str = "",
    output: IO[bytes] | None = None,
) -> Outcome:
    """Run a room's tests in the environment that lacks what the room must not know, on a screen where it needs one.

    `part` is "1/2" for the first of two halves that take about as long; their files are not torn apart.
    """
    begin = time.monotonic()
    try:
        python = python_for(room)
        with (
            tempfile.TemporaryDirectory(prefix="resnet-studio-check-") as folder,
            contextlib.ExitStack() as stack,
        ):
            env = _environment()
            if room in NEED_SCREEN and can_bring():
                env |= stack.enter_context(screen())
            else:
                env["QT_QPA_PLATFORM"] = "offscreen"
            report = Path(folder) / "report.xml"
            limits = [
                "-o",
                f"faulthandler_timeout={STUCK_SECONDS}",
                "-o",
                "faulthandler_exit_on_timeout=true",
            ]
            # Only a whole room measures: a part of it would pass for all there is.
            name = f"{room} {part}".strip()
            measure = [] if paths or arguments else [f"--costs={MEASURED / name.replace('/', ' of ')}.json"]
            parts = [f"--part={part}"] if part else []
            command = [str(python), "-m", "pytest", f"--junitxml={report}", *limits, *measure, *parts]
            status = _watch([*command, *arguments, *(paths or [f"tests/{room}"])], env=env, output=output)
            outcome = _count(name, report=report, status=status)
    except (SetupError, RuntimeError) as error:
        outcome = Outcome(room, failed=1, note=str(error))
    return Outcome(**{**outcome.__dict__, "seconds": time.monotonic() - begin})


def _environment() -> dict[str, str]:
    """Return ours, told to say where a crash happened, and to keep bytecode.

    Tests start hundreds of interpreters: without bytecode each compiles the program, and pytest's own parts, anew.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONFAULTHANDLER": "1"}


def _watch(command: list[str], *, env: dict[str, str], output: IO[bytes] | None) -> int:
    """Run a command in a group of its own; end the whole group when it hangs or we are interrupted."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=os.name != "nt",
    )
    _running.add(process)
    if _interrupted.is_set():
        _end_group(process)
    try:
        return process.wait(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        print(f"no end after {LIMIT_SECONDS} s: stopped", flush=True)
        return 1
    finally:
        _end_group(process)
        _running.discard(process)


def interrupt() -> None:
    """End what runs, and let nothing new begin: steps live in groups of their own, which Ctrl-C does not reach."""
    _interrupted.set()
    for process in list(_running):
        _end_group(process)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    if os.name != "nt":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _count(room: str, *, report: Path, status: int) -> Outcome:
    """Read pytest's report; a failure that it does not hold (a crash, a broken conftest) counts as one."""
    total = failed = skipped = 0
    if report.exists():
        for suite in ET.parse(report).getroot().iter("testsuite"):
            total += int(suite.get("tests", "0"))
            failed += int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
            skipped += int(suite.get("skipped", "0"))
    note = ""
    broke_off = status not in (0, NO_TESTS) or not report.exists()
    if broke_off and not failed:
        failed, note = 1, f"pytest ended with status {status}"
    return Outcome(room, passed=max(total - failed - skipped, 0), failed=failed, skipped=skipped, note=note)
