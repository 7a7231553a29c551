"""A made-up language is spoken by every part of the window: what shows no brackets never came to a translator.

Run `tests/ui/spoken_window.py` with a part's name to read what is left there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.spoken_names import untold

ROOT = Path(__file__).parents[2]
# Every part, and how many texts it has at least: a part that shows nothing has not been looked at.
PARTS = {
    "menus": 200,
    "tour": 100,
    "start page": 40,
    "toolbar": 30,
    "status": 20,
    "banners": 3,
    "shortcuts": 40,
    "command palette": 100,
    "input": 10,
    "drop path": 8,
    "about": 4,
    "export": 20,
    "import weights": 20,
    "presets form": 30,
    "numbers": 10,
    "canvas": 20,
    "diagram": 10,
    "problems": 8,
    "code": 5,
    "history": 10,
    "inspector": 100,
    "palette": 50,
    "layer table": 200,
    "compare": 50,
    "training": 150,
    "verify": 50,
    "dialogs": 300,
    "window": 60,
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str, str]]:
    """(part, widget, property, words) of the whole window in a process that spoke the language from its first import on."""
    home = tmp_path_factory.mktemp("home")
    env = {**os.environ, "RESNET_STUDIO_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/ui/spoken_window.py")],
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("part", PARTS)
def test_every_text_of_a_part_is_translated(said: list[tuple[str, str, str, str]], part: str) -> None:
    mine = [line for line in said if line[0] == part]
    assert len(mine) >= PARTS[part]
    left = [" | ".join(line[1:]) for line in mine if untold(line[3])]
    assert not left, "\n".join(left)


def test_no_part_is_left_out(said: list[tuple[str, str, str, str]]) -> None:
    assert {line[0] for line in said} == set(PARTS)


@pytest.mark.parametrize(
    ("words", "forgotten"),
    [
        ("⟦Stage ⟧2", False),
        ("⟦Stage ⟧two", True),
        ("Stage ⟦2⟧", True),
        ("⟦Open⟧ (Ctrl+Shift+O)", False),
        ("⟦Published as ⟧ResNet-50 v1.5", False),
        ("layer3.4.conv2, 25.6 M", False),
        ("⟦A text that was cut sho", False),
        ("⟦He et al.⟧ said so", True),
        ("⟦Table of ⟧He et al. 2015, arXiv:1512.03385, Table 2", False),
    ],
)
def test_names_and_numbers_are_nobodys_to_translate(words: str, forgotten: bool) -> None:
    assert untold(words) is forgotten
