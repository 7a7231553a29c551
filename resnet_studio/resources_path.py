"""Finds the files of `resources/`, in a checkout and in an installed wheel alike; knows nothing of what they hold."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a file or folder in `resources/`, e.g. `resource("themes", "dark.json")`.

    Raises FileNotFoundError, naming both places, where an installation lacks it.
    """
    inside = _PACKAGE.joinpath("resources", *parts)
    beside = _PACKAGE.parent.joinpath("resources", *parts)
    for path in (inside, beside):
        if path.exists():
            return path
    raise FileNotFoundError(f"{'/'.join(parts)} is neither at {inside} nor at {beside}")
