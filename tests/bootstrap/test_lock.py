"""The lock is whole, hashed and free of places; the rooms' environments are cut from it rightly."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.rooms import PACKAGES, extract

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def names(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.M))


def test_every_dependency_is_locked() -> None:
    project = PROJECT["project"]
    asked = [
        *project["dependencies"],
        *project["optional-dependencies"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]
    wanted = {re.split(r"[<>=!~\[; ]", line)[0].lower().replace("_", "-") for line in asked}
    assert wanted - names(LOCK) == set()


def test_every_locked_package_has_a_hash() -> None:
    for block in re.split(r"\n(?=[a-z0-9])", LOCK):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:80]


@pytest.mark.parametrize("place", ["://", "--index", "--find-links", "--extra-index", " @ ", str(ROOT)])
def test_the_lock_names_no_place(place: str) -> None:
    assert place not in LOCK


@pytest.mark.parametrize(
    ("environment", "lacks", "has"),
    [
        (
            "pure",
            "pyside6-essentials pyqtgraph torch torchvision torchinfo numpy pillow scikit-learn",
            "pytest",
        ),
        (
            "engine",
            "pyside6-essentials shiboken6 pyqtgraph qtawesome pytest-qt",
            "torch nvidia-cublas sympy scipy",
        ),
        (
            "ui",
            "torch torchvision torchinfo scikit-learn scipy triton nvidia-cublas pygraphviz",
            "shiboken6 qtpy",
        ),
    ],
)
def test_a_room_lacks_what_it_must_not_know(environment: str, lacks: str, has: str) -> None:
    got = names(extract(LOCK, PACKAGES[environment]))
    assert got & set(lacks.split()) == set()
    assert set(has.split()) <= got


def test_pyside_is_not_the_broken_one() -> None:
    version = re.search(r"^pyside6-essentials==(\d+)\.(\d+)", LOCK, re.M)
    assert version is not None
    assert (6, 10) <= tuple(map(int, version.groups())) < (6, 12)


def test_every_version_of_a_package_is_taken_along() -> None:
    both = re.findall(r"^numpy==.*", LOCK, re.M)
    assert len(both) > 1, "this test wants a package that is locked once for each Python"
    for environment in ("engine", "ui"):
        assert re.findall(r"^numpy==.*", extract(LOCK, PACKAGES[environment]), re.M) == both


letters = st.sampled_from("abcdefgh")


@given(st.dictionaries(letters, st.sets(letters)), st.sets(letters))
def test_an_extract_is_what_is_wanted_and_all_it_needs(users: dict[str, set[str]], wanted: set[str]) -> None:
    # users[p]: who needs p, as the compiler notes it under each package.
    lock = "".join(
        f"{name}==1 \\\n    --hash=sha256:0\n" + "".join(f"    #   {user}\n" for user in sorted(by))
        for name, by in users.items()
    )
    got = names(extract(lock, wanted))
    assert wanted & set(users) <= got
    for name, by in users.items():
        reason = bool(by & (got - {name})) or name in wanted
        assert (name in got) == reason or (name in got and name in by)
