"""The command `code`: what it prints is what it writes, tidy as a formatter leaves it, and it never loads torch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.source import source_of
from resnet_studio.design.presets import PRESETS
from tests.cli.program import refusal, run


def test_code_is_printed_or_written(tmp_path: Path) -> None:
    printed = run("code", "resnet18", folder=tmp_path)
    assert (printed.returncode, printed.stderr) == (0, "")
    written = run("code", "resnet18", "-o", "net.py", folder=tmp_path)
    assert written.stdout.startswith("net.py: class ResNet18, ")
    assert (tmp_path / "net.py").read_bytes() == printed.stdout.encode()
    shown = subprocess.run(
        [sys.executable, "net.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert shown.stdout == "ResNet-18: 11,689,512 parameters, logits of shape (1, 1000)\n"


def test_what_was_changed_by_hand_is_not_replaced_unasked(tmp_path: Path) -> None:
    target = tmp_path / "net.py"
    target.write_text("mine", encoding="utf-8")
    assert "net.py exists. Choose another name, or add --force" in refusal(
        run("code", "resnet18", "-o", "net.py", folder=tmp_path)
    )
    assert target.read_text(encoding="utf-8") == "mine"
    assert run("code", "resnet18", "-o", "net.py", "--force", folder=tmp_path).returncode == 0
    assert "class ResNet18" in target.read_text(encoding="utf-8")


def test_a_drawing_with_problems_has_no_code(tmp_path: Path) -> None:
    run("new", "resnet18", "-o", "broken.resnet.json", folder=tmp_path)
    path = tmp_path / "broken.resnet.json"
    held = json.loads(path.read_text(encoding="utf-8"))
    held["head"] = None
    path.write_text(json.dumps(held), encoding="utf-8")
    ended = run("code", "broken.resnet.json", "-o", "net.py", folder=tmp_path)
    assert "has a problem. Head: missing" in refusal(ended, 1)
    assert not (tmp_path / "net.py").exists()


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_code_is_as_a_formatter_leaves_it(name: str) -> None:
    text = source_of(analyse(PRESETS[name].make())).text
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    ours = ["check", "--isolated", "--select", "E,F,W,I,B,UP,SIM,C4,RET,PIE,RUF", "--ignore", "E501", "-"]
    done = subprocess.run([*command[:3], *ours], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
