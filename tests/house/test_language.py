"""The interface in another language: every text is found for translators, and a catalogue speaks all that is marked."""

import gettext
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio import language
from resnet_studio.language import CHOICE, speak, speak_users, spoken, tr, trn
from tools import texts

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    speak(None)


def catalogue(messages: dict[str, str], plural: str = "n != 1") -> gettext.GNUTranslations:
    """As a translator's file becomes one; of a plural, both texts and all forms stand with a NUL between."""
    made = Catalog(charset="utf-8", fuzzy=False)
    for key, told in messages.items():
        ids, forms = key.split("\0"), told.split("\0")
        made.add(ids if len(ids) > 1 else key, forms if len(ids) > 1 else told)
    file = io.BytesIO()
    write_mo(file, made)
    found = gettext.GNUTranslations(io.BytesIO(file.getvalue()))
    found.plural = gettext.c2py(plural)  # type: ignore[attr-defined]
    return found


def test_without_a_catalogue_a_text_is_itself() -> None:
    assert tr("Next") == "Next"
    assert tr("Step {number}", number=2) == "Step 2"
    assert tr("{name} stays for later") == "{name} stays for later"
    assert [trn("{count} step", "{count} steps", count) for count in (1, 2, 0)] == [
        "1 step",
        "2 steps",
        "0 steps",
    ]


def test_a_catalogue_may_turn_the_parts_of_a_sentence_around() -> None:
    speak(catalogue({"Step {number} of {steps}": "von {steps} der {number}. Schritt"}), "de")
    assert tr("Step {number} of {steps}", number=2, steps=7) == "von 7 der 2. Schritt"
    assert tr("Next") == "Next", "what has no translation stays English"
    assert spoken() == "de"


def test_a_plural_follows_the_languages_own_rule() -> None:
    speak(catalogue({"{count} step\0{count} steps": "{count} pas\0{count} pas divers"}, "n > 1"))
    assert [trn("{count} step", "{count} steps", count) for count in (0, 1, 2)] == [
        "0 pas",
        "1 pas",
        "2 pas divers",
    ]


words = st.text(
    st.characters(exclude_characters="\0\r{}", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(str.strip)


@given(st.dictionaries(words, words, max_size=8))
def test_a_po_becomes_a_catalogue_that_gettext_reads(messages: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        po = Path(folder) / "xx.po"
        made = Catalog(charset="utf-8", fuzzy=False)
        for key, told in messages.items():
            made.add(key, told)
        with po.open("wb") as file:
            write_po(file, made)
        with texts.install(po, Path(folder)).open("rb") as file:
            found = gettext.GNUTranslations(file)
    assert {key: found.gettext(key) for key in messages} == messages


def test_every_text_is_found_and_names_what_changes_in_it(tmp_path: Path) -> None:
    target = texts.write_template(tmp_path / "texts.pot")
    found = texts.read(target)
    assert len(found) > 1500
    for message in found:
        for text in [message.id] if isinstance(message.id, str) else message.id:
            assert all(name.isidentifier() for name in texts.names_in(text)), (
                f"{text}: what changes has a name, so that it can be moved"
            )


def test_a_text_that_is_put_together_cannot_be_found(tmp_path: Path) -> None:
    module = tmp_path / "made.py"
    module.write_text('tr("Open")\ntr(f"Open {name}")\ntr(words)\ntrn("{count} run", many, 2)\n')
    assert list(texts.unfindable(module)) == [2, 3, 4]


def test_a_translation_that_would_fail_when_it_is_shown_is_refused(tmp_path: Path) -> None:
    po = tmp_path / "de.po"
    po.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Stage {number}"\nmsgstr "Stufe {nummer}"\n',
        encoding="utf-8",
    )
    with pytest.raises(SystemExit, match="nummer"):
        texts.install(po, tmp_path)
    assert not list(tmp_path.rglob("*.mo"))


def test_the_users_language_is_found_and_english_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    po = tmp_path / "de.po"
    po.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Next"\nmsgstr "Weiter"\n'
    )
    texts.install(po, tmp_path)
    for name in (CHOICE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert speak_users(tmp_path) == ""
    for value, wanted in (
        ("de_AT.UTF-8", "Weiter"),
        ("C.UTF-8", "Next"),
        ("en_GB:de", "Next"),
        ("xx:de", "Weiter"),
    ):
        monkeypatch.setenv("LANGUAGE", value)
        speak_users(tmp_path)
        assert tr("Next") == wanted, value
    assert language.spoken() == "de"
    monkeypatch.setenv(CHOICE, "en")
    assert speak_users(tmp_path) == ""
