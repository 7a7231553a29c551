"""System packages: found missing, installed by root, asked for in one line from others."""

import os
from pathlib import Path

import pytest

from tests.bootstrap.house import House
from tools import system_packages
from tools.system_packages import LIBRARIES, missing_packages, set_up_system
from tools.talk import SetupError


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Linux that lacks two libraries and nothing else."""
    monkeypatch.setattr(system_packages.sys, "platform", "linux")
    gone = {"libxcb-cursor.so.0", "libxcb-icccm.so.4"}
    monkeypatch.setattr(system_packages, "loads", lambda library: library not in gone)
    monkeypatch.setattr(system_packages, "FONT_FOLDERS", (str(Path(__file__).parent),))
    monkeypatch.setattr(system_packages, "has_font", lambda _folder: True)
    monkeypatch.setattr(system_packages, "CERTIFICATES", Path(__file__))


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get that only writes down its arguments."""
    program = tmp_path / "apt-get"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\necho some output\n[ ! -e {tmp_path}/fail ]\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("lacking", "apt")
def test_who_is_not_root_gets_the_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    request = set_up_system(for_tests=False)
    assert request is not None
    line = "sudo apt-get install -y --no-install-recommends libxcb-cursor0 libxcb-icccm4"
    assert request.splitlines()[-1].strip() == line


@pytest.mark.usefixtures("lacking")
def test_root_installs(
    apt: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert set_up_system(for_tests=False) is None
    update, install = (apt / "calls").read_text().splitlines()
    assert update.startswith("update")
    assert install.startswith("install -y --no-install-recommends libxcb-cursor0 libxcb-icccm4")
    assert "libxcb-cursor0" in capsys.readouterr().err


@pytest.mark.usefixtures("lacking")
def test_a_failed_installation_says_why_and_what_to_do(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (apt / "fail").touch()
    with pytest.raises(SetupError, match=r"(?s)some output.*apt-get install -y .*libxcb-cursor0"):
        set_up_system(for_tests=False)


@pytest.mark.usefixtures("lacking", "apt")
def test_tests_ask_for_a_screen_too() -> None:
    assert missing_packages(for_tests=False) == ["libxcb-cursor0", "libxcb-icccm4"]
    assert missing_packages(for_tests=True) == ["libxcb-cursor0", "libxcb-icccm4", "xvfb", "openbox"]


@pytest.mark.usefixtures("lacking")
def test_other_systems_need_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages.sys, "platform", "darwin")
    assert missing_packages(for_tests=True) == []


def test_each_package_is_asked_for_once() -> None:
    assert len(set(LIBRARIES.values())) == len(LIBRARIES)


def test_a_window_stops_for_them_a_command_and_tests_go_on(tmp_path: Path) -> None:
    house = House(tmp_path)
    path = house.root / "tools" / "system_packages.py"
    asked = 'return "Type this:\\n    sudo apt-get install -y x"\n    missing = missing_packages('
    path.write_text(path.read_text().replace("missing = missing_packages(", asked))
    for word, arguments, status in [("run", [], 1), ("run", ["presets"], 0), ("test", [], 0), ("run", [], 1)]:
        result = house.start(word, *arguments)
        assert result.returncode == status, (word, arguments, result.stderr)
        if not arguments:
            assert "sudo apt-get install -y x" in result.stderr
    assert house.calls() == ["venv", "pip sync", "pip install"]
