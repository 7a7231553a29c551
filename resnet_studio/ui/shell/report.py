"""What a report of an error needs, as text: what happened, every version, the last lines of the log. Knows no dialog.

A report is sent to strangers: whoever's home folder stands in it is shortened to ~.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from resnet_studio.runs.home import state_root
from resnet_studio.ui.shell.bugs import log_file

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow

_LINES, _BYTES = 30, 16_000


def error_report(what: str, detail: str, hello: Mapping[str, Any] | None) -> str:
    """What was told and what to do, the versions, and the end of the log.

    Args:
        what: what happened.
        detail: the remedy, or a traceback.
        hello: what the engine said of itself; None while it is not there.
    """
    log = _log()
    if detail and detail.strip() in log:
        log = ""  # a fault of ours, written down a moment ago
    return _private("\n\n".join(part for part in (what, detail.strip(), _versions(hello), log) if part))


def system_report(window: MainWindow) -> str:
    """The versions, and what else decides how the program looks and behaves here."""
    screen, document = window.screen(), window.document
    size = screen.size()
    blocks = sum(1 for _ in document.design.blocks())
    lines = (
        f"Screen: {size.width()} x {size.height()}, scale {screen.devicePixelRatio():g}, {QGuiApplication.platformName()}",
        f"Window: {window.width()} x {window.height()}, {len(window.windows.open)} open",
        f"Theme: {window.theme.choice.value} ({'dark' if window.theme.theme.dark else 'light'})",
        f"Drawing: {len(document.design.stages)} stages, {blocks} blocks, {len(document.plan.problems)} problems",
        f"Kept in: {state_root()}",
    )
    return _private(
        "\n\n".join(part for part in (_versions(window.engine.hello), "\n".join(lines), _log()) if part)
    )


def _versions(hello: Mapping[str, Any] | None) -> str:
    from resnet_studio.ui.shell import dialogs

    if hello is None:
        engine = "not running"
    else:
        devices = ", ".join(str(device.get("label", "?")) for device in hello.get("devices", []))
        engine = f"PyTorch {hello.get('torch', '?')} on {devices or 'no device'}"
    return f"{dialogs.versions()}\nSystem: {platform.platform()}\nEngine: {engine}"


def _log() -> str:
    """The last lines of the log, or nothing; a log that cannot be read must not keep a report from being made."""
    try:
        with log_file().open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(["Last lines of the log:", *lines[-_LINES:]]) if lines else ""


def _private(text: str) -> str:
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text
