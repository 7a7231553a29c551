"""The screen for real windows comes up with a window manager and goes away whole."""

import subprocess
from pathlib import Path

import pytest

from tools import screen as module
from tools.screen import can_bring, screen

pytestmark = pytest.mark.skipif(not can_bring(), reason="needs Xvfb and openbox")


def test_a_screen_comes_and_goes() -> None:
    with screen("640x480x24") as env:
        socket = Path("/tmp/.X11-unix") / f"X{env['DISPLAY'].removeprefix(':')}"
        assert socket.exists()
        assert env["QT_QPA_PLATFORM"] == "xcb"
    assert not socket.exists()


def test_two_screens_do_not_meet() -> None:
    with screen() as one, screen() as other:
        assert one["DISPLAY"] != other["DISPLAY"]


def test_a_window_manager_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.Popen

    def without_manager(command: list[str], **options: object) -> object:
        return real(["false"] if command[0] == "openbox" else command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(module.subprocess, "Popen", without_manager)
    with pytest.raises(RuntimeError, match="window manager did not start"), screen():
        pass
