"""What the window remembers between starts: its layout, theme, recent files. Knows no widget beyond their saved bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from resnet_studio.analysis.conventions import Convention, convention
from resnet_studio.runs.home import state_root
from resnet_studio.ui.theme import TEXT_SIZES, ThemeChoice

_MAX_RECENT = 12
# Part of the key: a layout saved by an older arrangement of docks would come back broken.
_LAYOUT = "layout1"


class Settings:
    """The window's memory, in `window.ini` of the state folder.

    Values that cannot be read count as not there: a spoilt settings file must not keep the window from opening.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._store = QSettings(str(file or state_root() / "window.ini"), QSettings.Format.IniFormat)

    def save(self) -> None:
        """Write what is new to the disk."""
        self._store.sync()

    # --- look ---------------------------------------------------------------------------------------------------------

    @property
    def theme(self) -> ThemeChoice:
        """The theme that the user chose."""
        said = str(self._store.value("theme", ThemeChoice.SYSTEM.value))
        return ThemeChoice(said) if said in set(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", choice.value)

    @property
    def text(self) -> int:
        """How large letters are, in percent; 100 where nobody has chosen."""
        said = str(self._store.value("text", "100"))
        return int(said) if said in {str(size) for size in TEXT_SIZES} else 100

    @text.setter
    def text(self, percent: int) -> None:
        self._store.setValue("text", percent)

    @property
    def convention(self) -> Convention:
        """What counts as work."""
        flops = str(self._store.value("flops", "false")) == "true"
        return convention(str(self._store.value("counted", "conv")), flops=flops) or Convention(flops=flops)

    @convention.setter
    def convention(self, by: Convention) -> None:
        self._store.setValue("flops", "true" if by.flops else "false")
        # Never a lone word with a comma in it: QSettings would read a list.
        self._store.setValue("counted", "+".join(by.items) or "conv")

    @property
    def columns(self) -> str:
        """The layer table's columns, as the table wrote them down; "" when nobody has arranged them."""
        return str(self._store.value("columns", ""))

    def keep_columns(self, text: str) -> None:
        """The layer table's columns are arranged anew."""
        self._store.setValue("columns", text)

    @property
    def log_curves(self) -> bool:
        """Whether losses stand on a logarithmic axis."""
        return str(self._store.value("logCurves", "false")) == "true"

    def keep_log_curves(self, on: bool) -> None:
        """The user has chosen an axis for the losses."""
        self._store.setValue("logCurves", "true" if on else "false")

    @property
    def run(self) -> str:
        """The settings of a run that were used last, as the training panel wrote them down; "" where none were."""
        return str(self._store.value("run", ""))

    def keep_run(self, text: str) -> None:
        """A run was begun, or a window left, with these settings."""
        self._store.setValue("run", text)

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window stood."""
        return self._bytes("geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def layout(self) -> QByteArray | None:
        """How the docks stood."""
        return self._bytes(_LAYOUT)

    @layout.setter
    def layout(self, value: QByteArray) -> None:
        self._store.setValue(_LAYOUT, value)

    def forget_layout(self) -> None:
        """The next window has the arrangement as made, the table's columns included."""
        for key in (_LAYOUT, "geometry", "columns"):
            self._store.remove(key)

    def _bytes(self, key: str) -> QByteArray | None:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    # --- files --------------------------------------------------------------------------------------------------------

    @property
    def recent(self) -> list[Path]:
        """Files opened or saved last, the newest first; some may be gone."""
        value = self._store.value("recent", [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(name) for name in names if isinstance(name, str) and name][:_MAX_RECENT]

    def remember(self, path: Path) -> None:
        """`path` was opened or saved just now."""
        path = path.absolute()
        kept = [path, *(known for known in self.recent if known != path)][:_MAX_RECENT]
        self._store.setValue("recent", [str(known) for known in kept])
        self._store.setValue("folder", str(path.parent))

    def zoom_of(self, path: Path) -> float | None:
        """How near a file was seen last; None where it is fitted to the window."""
        said = self._zooms().get(str(path.absolute()))
        return said if isinstance(said, float) and said > 0 else None

    def keep_zoom(self, path: Path, zoom: float | None) -> None:
        """A file is seen so near now. Those of the recent files are kept."""
        import json

        name, zooms = str(path.absolute()), self._zooms()
        if zooms.get(name) == zoom:
            return
        known = {str(each) for each in self.recent}
        kept = {each: value for each, value in zooms.items() if each in known and each != name}
        if zoom is not None:
            kept[name] = round(zoom, 4)
        self._store.setValue("zooms", json.dumps(kept))

    def _zooms(self) -> dict[str, Any]:
        import json  # no part of the window's start

        try:
            value = json.loads(str(self._store.value("zooms", "{}")))
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def folder(self) -> Path:
        """Where the last file was, or the home folder."""
        said = str(self._store.value("folder", ""))
        return Path(said) if said and Path(said).is_dir() else Path.home()
