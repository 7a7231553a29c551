"""Runs one of this room's own programs as a clean child and brings home what it says. Knows no format.

Clean: none of the parent's state, no torch.py from the user's folder, no graphics card, a bound on memory and on time,
and it ends when its parent does. The parent's side is `ask`, the child's side `answer`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import torch

import resnet_studio
from resnet_studio.design.errors import StudioError
from resnet_studio.engine import children
from resnet_studio.runs.exit_code import ExitCode

_GIB = 2**30
# A child that asks for more than this beyond its files is lost, not busy.
_ROOM = 6 * _GIB

_MEMORY = ("MemoryError", "can't allocate memory", "std::bad_alloc")
_ERROR = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt): ")


class ApartError(StudioError):
    """The child ended without an answer, or took too long."""

    exit_code = ExitCode.PROBLEMS


@dataclass(frozen=True, slots=True)
class Program:
    """A module to run, and how long it may take."""

    module: str
    seconds: float


def ask(program: Program, *words: str, waiting: Callable[[], None]) -> dict[str, Any]:
    """What the child answers.

    Args:
        program: what to run.
        words: its arguments.
        waiting: called about twice a second; what it raises ends the child.

    Raises:
        StudioError: the child says so.
        OSError: the child met it while it wrote.
        ApartError: the child broke down, or took too long.
    """
    with tempfile.TemporaryFile() as log, children.watched(_start(program.module, words, log)) as child:
        _await(child, program.seconds, waiting)
        assert child.stdout is not None
        said = child.stdout.read()
        log.seek(0)
        return _understood(child.returncode, said, log.read())


def _start(module: str, words: tuple[str, ...], log: IO[bytes]) -> subprocess.Popen[bytes]:
    # -P and a path of our own: a torch.py in the user's folder must not be imported.
    package = str(Path(resnet_studio.__file__).resolve().parent.parent)
    others = os.environ.get("PYTHONPATH")
    environment = os.environ | {
        "PYTHONPATH": package if not others else os.pathsep.join((package, others)),
        "CUDA_VISIBLE_DEVICES": "",
    }
    command = [sys.executable, "-P", "-m", module, str(torch.get_num_threads()), *words]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment
    )


def _await(child: subprocess.Popen[bytes], seconds: float, waiting: Callable[[], None]) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise ApartError(f"it took over {seconds:.0f} s") from None
            waiting()
        else:
            return


def _understood(code: int, said: bytes, log: bytes) -> dict[str, Any]:
    try:
        told = json.loads(said)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ApartError(_last_words(code, log))
    if "errno" in told:
        raise OSError(told["errno"], told["strerror"])
    if "what" in told:
        raise StudioError(told["what"], told["remedy"])
    return told


def _last_words(code: int, log: bytes) -> str:
    lines = [line.strip() for line in log.decode(errors="replace").splitlines() if line.strip()]
    if any(sign in line for line in lines for sign in _MEMORY):
        return "the memory did not suffice"
    if code < 0:
        return f"it was ended by signal {-code}"
    # Under its name an error may go on for pages of advice: what it is stands beside the name.
    named = [line for line in lines if _ERROR.match(line)]
    return (named or lines)[-1][:300] if lines else f"exit code {code}"


# --- the child's side -------------------------------------------------------------------------------------------------


def answer(work: Callable[[list[str]], dict[str, Any]]) -> int:
    """Do the work with the words given, and say what came of it as one JSON object.

    Args:
        work: takes the words; what it raises as StudioError or OSError is told to the parent. The memory is bounded by
            the sizes of the files among the words.
    """
    threads, words = int(sys.argv[1]), sys.argv[2:]
    children.end_with_stdin()
    # What libraries print is for the log: stdout belongs to the answer.
    speech = os.dup(1)
    os.dup2(2, 1)
    torch.set_num_threads(threads)
    _limit_memory([file for file in map(Path, words) if file.is_file()])
    try:
        told = work(words)
    except StudioError as error:
        told = {"what": error.what, "remedy": error.remedy}
    except OSError as error:
        told = {"errno": error.errno or 0, "strerror": error.strerror or str(error)}
    with os.fdopen(speech, "wb") as file:
        file.write(json.dumps(told).encode())
    sys.stderr.flush()
    os._exit(ExitCode.DONE)  # the thread still reads stdin, and must not keep the interpreter from ending


def _limit_memory(files: list[Path]) -> None:
    if sys.platform != "linux":
        return
    import resource

    # Data, not address space: torch's libraries map far more than they touch.
    limit = _ROOM + 8 * sum(file.stat().st_size for file in files)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
