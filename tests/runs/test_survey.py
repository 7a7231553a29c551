"""A survey of data: its JSON, and what is said of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.remarks import remarks
from resnet_studio.runs.survey import (
    Finding,
    Flaw,
    Picture,
    Sizes,
    Survey,
    survey_from,
    survey_to,
)

PICTURE = Picture(name="cat/a.png", label=1, shape=(3, 1, 2), pixels=bytes(range(6)))
SOUND = Survey(
    data="folder", title="pets", classes=("cat", "dog", "owl"), train=(40, 41, 42), val=(10, 11, 12), shape=(3, 20, 30),
    sizes=Sizes(least=(20, 14), most=(64, 48), common=(30, 20), common_count=100, kinds=3),
    mean=(0.4, 0.5, 0.6), std=(0.1, 0.2, 0.3), measured=123, used_mean=(0.485, 0.456, 0.406), used_std=(0.2, 0.2, 0.2),
    own_split=True, pictures=(PICTURE,),
)  # fmt: skip


@given(
    st.sets(st.sampled_from(Flaw)),
    st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
    st.text(max_size=20),
)
def test_a_survey_comes_back_from_its_json(flaws: set[Flaw], counts: list[int], name: str) -> None:
    findings = tuple(Finding(flaw=flaw, count=7, names=(name,)) for flaw in sorted(flaws))
    survey = replace(SOUND, train=tuple(counts), findings=findings, title=name)
    assert survey_from(survey_to(survey)) == survey


@pytest.mark.parametrize(
    "change",
    [{"train": [1, 2]}, {"shape": [3, 20]}, {"pictures": [{"name": "a", "label": 9, "shape": [1, 1, 1], "pixels": "AA=="}]},
     {"pictures": [{"name": "a", "label": 0, "shape": [1, 1, 2], "pixels": "AA=="}]}, {"findings": [{"flaw": "odd", "count": 1, "names": []}]}],
)  # fmt: skip
def test_what_is_no_survey_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(StudioError, match="could not be read"):
        survey_from(survey_to(SOUND) | change)


def test_sound_data_gets_no_remark() -> None:
    assert remarks(SOUND) == ()


def test_uneven_classes_are_told_with_both_counts() -> None:
    (said,) = remarks(replace(SOUND, train=(400, 20, 300)))
    assert said.what == "cat has 20.0 times as many training images as dog (400 and 20)."
    assert said.names == ("dog: 20",)
    assert "Evaluate" in said.remedy
    assert not said.grave


def test_a_class_without_images_is_grave_and_stands_first() -> None:
    said = remarks(replace(SOUND, train=(40, 0, 5), val=(10, 0, 0)))
    assert [remark.about for remark in said] == ["empty", "imbalance", "few", "unchecked"]
    assert said[0].what == "dog has no training image that can be read."
    assert said[0].grave
    assert said[3].names == ("owl",)


@pytest.mark.parametrize(
    ("flaw", "one", "many", "grave"),
    [
        (Flaw.LEAKED, "1 validation image is among", "2\u202f000 validation images are among", True),
        (Flaw.CONTRADICTING, "1 image lies in two", "2\u202f000 images lie in two", True),
        (Flaw.COPIED, "1 image is a copy of another", "2\u202f000 images are copies of others", False),
        (
            Flaw.BROKEN,
            "1 image cannot be read, and is left",
            "2\u202f000 images cannot be read, and are left",
            False,
        ),
        (Flaw.TINY, "1 image is tiny", "2\u202f000 images are tiny", False),
        (Flaw.BLANK, "1 image has only", "2\u202f000 images have only", False),
    ],
)
def test_flaws_are_told_in_words(flaw: Flaw, one: str, many: str, grave: bool) -> None:
    for count, words in ((1, one), (2000, many)):
        (said,) = remarks(replace(SOUND, findings=(Finding(flaw=flaw, count=count, names=("a",)),)))
        assert words in said.what
        assert (said.grave, said.count, said.names) == (grave, count, ("a",))
        assert said.remedy
