"""The interface in another language: every text is found for translators, and a catalogue speaks all that is marked."""

import ast
import gettext
import io
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
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
    head = f"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=({plural});\n"
    return gettext.GNUTranslations(io.BytesIO(texts.mo({"": head, **messages})))


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


words = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(st.dictionaries(words, words, max_size=8))
def test_a_po_becomes_a_catalogue_that_gettext_reads(messages: dict[str, str]) -> None:
    entries = [
        f"msgid {texts._quoted(key)}\nmsgstr {texts._quoted(told)}\n" for key, told in messages.items()
    ]
    assert texts.read_po("\n".join(entries)) == messages
    made = catalogue(messages)
    assert {key: made.gettext(key) for key in messages} == messages


def test_the_template_holds_every_text_once_as_gettext_reads_it() -> None:
    found = texts.texts()
    made = texts.template(found)
    keys = [
        ast.literal_eval(line.removeprefix("msgid "))
        for line in made.splitlines()
        if line.startswith("msgid ")
    ]
    assert sorted(keys[1:]) == sorted({text.one for text in found})
    assert len(keys) > 200
    for text in found:
        fields = [name for _, name, _, _ in string.Formatter().parse(text.one) if name is not None]
        assert all(name.isidentifier() for name in fields), (
            f"{text}: what changes has a name, so that it can be moved"
        )


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
