"""What `./test` does: lint, format, types, import rules, and every room's tests where the room must pass.

./test                  everything
./test quick            all that answers fast, in under two minutes
./test ui e2e           some rooms, or steps (lint, format, types, imports)
./test tests/ui/test_x.py -k name    a path; what starts with a dash goes to pytest with all that follows
"""

import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.quiet import Watch  # noqa: E402  # needs the path above
from tools.screen import can_bring  # noqa: E402  # needs the path above
from tools.steps import CHECKS, NEED_SCREEN, Outcome, check, interrupt, run_room  # noqa: E402  # needs the path above

NOT_QUICK = {"e2e"}  # real windows and whole trainings
# Seconds of tests in a room's quick run (tests/costs.py chooses), besides starting it. Two lanes of 120 hold all of
# them, the checks and twelve starts.
QUICK_SECONDS = {"engine": 45, "ui": 60, "cli": 25, "analysis": 12}
OTHERWISE_SECONDS = 8
SIDE_BY_SIDE = 2  # on two cores; more would only share them
LONGEST = [
    "engine",
    "ui",
    "types",
    "cli",
    "e2e",
]  # begin first, so that none is left running alone at the end
# Rooms that would outlast all others together are run in parts, side by side.
PARTS = {"engine": 2}
# The order tells the cause first: a broken design breaks every room above it.
ORDER = ["house", "bootstrap", "design", "analysis", "runs", "engine", "ui", "cli", "e2e"]
_printing = threading.Lock()


@dataclass(frozen=True)
class Request:
    """What is to be checked: steps and rooms in order, paths within rooms, and arguments for pytest."""

    steps: list[str]
    paths: dict[str, list[str]]
    pytest: list[str]
    quick: bool


def rooms() -> list[str]:
    """Return every folder under tests/ that can hold tests, so that none is forgotten."""
    found = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name.isidentifier()}
    found.discard("__pycache__")
    return [room for room in ORDER if room in found] + sorted(found - set(ORDER))


def understand(arguments: list[str]) -> Request:
    """Read the command line; exit with the usage where a word is neither a step, a room nor a path."""
    dash = next((i for i, word in enumerate(arguments) if word.startswith("-")), len(arguments))
    words, pytest = arguments[:dash], arguments[dash:]
    quick = "quick" in words
    words = [word for word in words if word != "quick"]
    steps: list[str] = []
    paths: dict[str, list[str]] = {}
    for word in words:
        path = Path(word.split("::")[0]).resolve()
        if word in CHECKS or word in rooms():
            steps.append(word)
        elif path.is_relative_to(ROOT / "tests") and path.exists() and path != ROOT / "tests":
            room = path.relative_to(ROOT / "tests").parts[0]
            paths.setdefault(room, []).append(str(path) + word[len(word.split("::")[0]) :])
            steps.append(room)
        else:
            sys.exit(f"{word} is neither a step, a room nor a path under tests/.\n\n{__doc__}")
    if not steps:
        steps = [*CHECKS, *(room for room in rooms() if not (quick and room in NOT_QUICK))]
    return Request(steps=list(dict.fromkeys(steps)), paths=paths, pytest=pytest, quick=quick)


def summary(outcomes: list[Outcome], seconds: float, noise: str = "") -> str:
    """Return the table of all steps, with what others took of the machine; its last line is what a machine reads."""
    lines = ["", f"{'step':<12}{'result':<10}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}"]
    for one in outcomes:
        counts = f"{one.passed:>8}{one.failed:>8}{one.skipped:>9}{one.seconds:>9.1f}"
        lines.append(f"{one.step:<12}{one.word:<10}{counts}  {one.note}".rstrip())
    lines.append(f"{'all':<47}{seconds:>9.1f}")
    if noise:
        lines.append(f"Meanwhile others took {noise}.")
    passed, failed = sum(one.passed for one in outcomes), sum(one.failed for one in outcomes)
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed"])


@dataclass(frozen=True)
class Piece:
    """A step, or one of its parts ("1/2")."""

    step: str
    part: str = ""


def waves(request: Request) -> list[list[Piece]]:
    """Return what runs in the order in which it begins, two at a time; a wave waits until the one before has ended.

    What drives real windows on the user's own screen shares pointer and focus with the user, and runs alone; a screen that
    we bring is its own.
    """
    alone = [step for step in request.steps if step in NEED_SCREEN and not can_bring()]
    shared = [step for step in request.steps if step not in alone]
    shared.sort(key=lambda step: LONGEST.index(step) if step in LONGEST else len(LONGEST))
    return [_pieces(wave, request) for wave in (shared, *([step] for step in alone)) if wave]


def _pieces(steps: list[str], request: Request) -> list[Piece]:
    found: list[Piece] = []
    for step in steps:
        whole = request.quick or step in request.paths or request.pytest
        count = 1 if whole else PARTS.get(step, 1)
        found += [Piece(step, f"{number}/{count}" if count > 1 else "") for number in range(1, count + 1)]
    return found


def run_piece(piece: Piece, request: Request, *, alone: bool) -> Outcome:
    """Run one step or part; its output is shown whole when it ends, or live when it is alone."""
    step, name = piece.step, f"{piece.step} {piece.part}".strip()
    with _printing:
        print(f"=== {name}: begins", flush=True)
    with tempfile.TemporaryFile() as file:
        output = None if alone else file
        if step in CHECKS:
            outcome = check(step, output=output)
        else:
            arguments = [*(_quick(step) if request.quick else []), *request.pytest]
            paths = request.paths.get(step)
            outcome = run_room(step, paths=paths, arguments=arguments, part=piece.part, output=output)
        file.seek(0)
        text = file.read().decode(errors="replace").rstrip()
    with _printing:
        print(
            f"{text}\n=== {name}: {outcome.word}, {outcome.seconds:.0f} s {outcome.note}".lstrip(), flush=True
        )
    return outcome


def _quick(room: str) -> list[str]:
    # The profile (tests/conftest.py) tries fewer random examples; the whole run tries them all.
    return ["--hypothesis-profile=quick", f"--quick={QUICK_SECONDS.get(room, OTHERWISE_SECONDS)}"]


def main(arguments: list[str]) -> int:
    """Check what is asked for; return 0 only when nothing failed."""
    request = understand(arguments)
    begin, watch = time.monotonic(), Watch()
    alone = sum(len(wave) for wave in waves(request)) == 1

    def run(piece: Piece) -> Outcome:
        return run_piece(piece, request, alone=alone)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        try:
            outcomes = [outcome for wave in waves(request) for outcome in pool.map(run, wave)]
        except KeyboardInterrupt:
            interrupt()
            raise
    outcomes.sort(key=lambda one: (request.steps.index(one.step.split()[0]), one.step))
    print(summary(outcomes, time.monotonic() - begin, watch.noise()), flush=True)
    return int(any(one.failed for one in outcomes))


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)
