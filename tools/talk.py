"""How set-up speaks and runs commands; knows neither what is set up nor the program."""

import subprocess
import sys


class SetupError(Exception):
    """The world's fault: what happened, and what to do about it."""


def say(text: str) -> None:
    """Print progress on stderr; stdout stays the program's own."""
    print(f"set-up: {text}", file=sys.stderr, flush=True)


def run(command: list[str], *, env: dict[str, str] | None = None) -> int:
    """Run a command without input, its output shown on stderr, and return its exit status."""
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    return done.returncode
