"""Finds what a test left behind: threads, child processes, widgets, timers; waits for what is just ending."""

import gc
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

GRACE_SECONDS = float(os.environ.get("LEAK_GRACE_SECONDS", "5"))
# Threads that belong to Qt, the display or a driver and live as long as the process.
_LASTING = (
    "Thread (pooled)",
    "QDBus",
    "QXcb",
    "gdbus",
    "gmain",
    "dconf",
    "llvmpipe",
    "disk$",
    "pool-",
    "QNetwork",
)
# Helpers of the standard library's multiprocessing that end with the process that started them.
_LASTING_CHILDREN = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
_seen_unnamed: set[str] = set()


class LeakWatch:
    """Remembers what was there before a test, and tells afterwards what was added and did not go."""

    def __init__(self, *, children: bool = True) -> None:
        self._watch_children = children
        self._threads = set(threading.enumerate())
        self._qt_threads = _qt_threads()
        self._children = _children()
        self._widgets = {id(widget) for widget in _top_level_widgets()}
        self._timers = {id(timer) for timer in _active_timers()}

    def left_behind(self) -> list[str]:
        """Return one line for each thing that is left after a grace period; an empty list is a clean test."""
        deadline = time.monotonic() + GRACE_SECONDS
        pause = 0.001
        while left := self._now():
            if time.monotonic() > deadline:
                return left
            gc.collect()
            _let_qt_delete()
            time.sleep(pause)
            pause = min(pause * 2, 0.1)
        return []

    def _now(self) -> list[str]:
        lines = [f"thread {t.name}" for t in threading.enumerate() if t not in self._threads and _is_ours(t)]
        lines += [f"Qt thread {name}" for tid, name in _qt_threads().items() if tid not in self._qt_threads]
        if self._watch_children:
            lines += [
                f"child process {pid}: {what}"
                for pid, what in _children().items()
                if pid not in self._children
            ]
        lines += [
            f"top-level widget {_describe(w)}" for w in _top_level_widgets() if id(w) not in self._widgets
        ]
        lines += [f"active timer {_describe(t)}" for t in _active_timers() if id(t) not in self._timers]
        return lines


def _is_ours(thread: threading.Thread) -> bool:
    # Python invents a "dummy" thread for a foreign one that ran Python once; it stays listed after that thread's end.
    return not isinstance(thread, threading._DummyThread)


def _qt_threads() -> dict[str, str]:
    """Return the QThreads of this process by kernel id; Qt names a thread after its object or class."""
    if "PySide6.QtCore" not in sys.modules or "torch" in sys.modules or not Path("/proc/self/task").exists():
        return {}  # torch starts unnamed native pools that last as long as the process
    own = _comm(Path("/proc/self"))
    names = {task.name: _comm(task) for task in Path("/proc/self/task").iterdir()}
    if any(name == own and tid not in _seen_unnamed for tid, name in names.items()):
        time.sleep(0.01)  # a thread bears its creator's name until it runs; then Qt names it
        names = {task.name: _comm(task) for task in Path("/proc/self/task").iterdir()}
        _seen_unnamed.update(tid for tid, name in names.items() if name == own)
    python = {str(t.native_id) for t in threading.enumerate() if _is_ours(t)}
    return {
        tid: name
        for tid, name in names.items()
        if name and name != own and tid not in python and not name.startswith(_LASTING) and ":" not in name
    }


def _comm(task: Path) -> str:
    try:
        return (task / "comm").read_text().strip()
    except OSError:  # it ended meanwhile
        return ""


def _children() -> dict[int, str]:
    """Return the child processes of this one, unreaped ones included."""
    found = {}
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            pids = task.read_text().split()
        except OSError:
            continue
        for pid in pids:
            what = _command_line(pid)
            if not any(name in what for name in _LASTING_CHILDREN):
                found[int(pid)] = what
    return found


def _command_line(pid: str) -> str:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return "(gone)"
    return raw.replace(b"\0", b" ").decode(errors="replace").strip() or "(ended, but nobody waited for it)"


def _application() -> Any:
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets.QApplication.instance() if widgets else None


def _top_level_widgets() -> list[Any]:
    app = _application()
    return app.topLevelWidgets() if app and hasattr(app, "topLevelWidgets") else []


def _active_timers() -> list[Any]:
    """Return the running timers that hang on the application; those of a widget go with it."""
    app = _application()
    if app is None:
        return []
    from PySide6.QtCore import QTimer

    return [timer for timer in app.findChildren(QTimer) if timer.isActive()]


def _let_qt_delete() -> None:
    if _application() is not None:
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _describe(thing: Any) -> str:
    return f"{type(thing).__name__} {thing.objectName()!r}"
