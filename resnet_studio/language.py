"""The language of the interface: `tr` and `trn` give a text in it, `speak` chooses it. Knows no text, no window and no room.

A text is its own key, in English, written whole and literally where it is used; what changes in it has a name in braces and is
put in behind the translation: `tr("Stage {number}", number=2)`. So `tools.texts` finds every text by reading the source, a
translator sees whole sentences, and may turn their parts around. Catalogues are gettext's: the rooms whose words reach the window
(problems, errors, settings) stand on the standard library alone, which has gettext and has not Qt's translator.

Tables of texts are made when their module is imported: choose the language first. Another one is spoken from the next start on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_studio.resources_path import resource

if TYPE_CHECKING:
    from gettext import NullTranslations

CHOICE = "RESNET_STUDIO_LANGUAGE"
DOMAIN = "resnet-studio"


class _Spoken:
    """The catalogue in force, None for English, and the name of its language."""

    catalogue: NullTranslations | None = None
    name = ""


def tr(text: str, /, **values: object) -> str:
    """A text in the language that is spoken, with these values in its braces; without values, braces stay as they are."""
    found = text if _Spoken.catalogue is None else _Spoken.catalogue.gettext(text)
    return found.format(**values) if values else found


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """The form of a text that goes with a number, which stands in it as {count}."""
    if _Spoken.catalogue is None:
        found = one if count == 1 else many
    else:
        found = _Spoken.catalogue.ngettext(one, many, count)
    return found.format(count=count, **values)


def speak(catalogue: NullTranslations | None, name: str = "") -> None:
    """Use this catalogue of a language from now on; None is English."""
    _Spoken.catalogue, _Spoken.name = catalogue, name


def spoken() -> str:
    """The language that is spoken ("de"); "" for English."""
    return _Spoken.name


def wanted() -> list[str]:
    """The languages that the user reads, the dearest first: our own variable, else what gettext's manual names."""
    for name in (CHOICE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].split(":")
    return []


def speak_users(folder: Path | None = None) -> str:
    """Speak the first of the user's languages that has a catalogue; returns its name, "" for English.

    Catalogues stand as gettext wants them, `de/LC_MESSAGES/resnet-studio.mo`, in the program's resources or in `folder`.
    """
    speak(None)
    languages = [name for name in wanted() if name.split("_")[0].split(".")[0] not in ("", "C", "POSIX")]
    if not languages:
        return ""
    place = resource("languages") if folder is None else folder
    # Not at the top: most people need no catalogue, and the window's start counts milliseconds.
    import gettext

    for language in languages:
        if language.startswith("en"):
            return ""
        found = gettext.find(DOMAIN, str(place), [language])
        if found is not None:
            with Path(found).open("rb") as file:
                speak(gettext.GNUTranslations(file), language.split(".")[0])
            return spoken()
    return ""
