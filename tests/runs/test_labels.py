"""What people write on runs: kept whole, refused precisely, and never in a run's way."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.labels import FILE, Label, read_label, tags_in, write_label
from resnet_studio.runs.listing import RunInfo, list_runs
from resnet_studio.runs.recipes import RECIPES
from resnet_studio.runs.spec import default_spec
from resnet_studio.runs.spec_words import recipe_of, spec_differences, spec_words


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create_at(tmp_path / "runs" / "a", preset("digits_starter"), default_spec())


LINES = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters=","), max_size=30
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    LINES,
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200),
    st.lists(LINES, max_size=5),
)
def test_what_is_written_is_read(run: RunFolder, name: str, note: str, tags: list[str]) -> None:
    label = Label(name=name, note=note, tags=tags_in(",".join(tags)))
    write_label(run, label)
    assert read_label(run) == label


def test_tags_stand_between_commas() -> None:
    assert tags_in(" wide, first try ,,wide ") == ("wide", "first try")


@pytest.mark.parametrize(
    "label",
    [Label(name="a\nb"), Label(name="x" * 81), Label(note="x" * 4001), Label(tags=("a", "a")), Label(tags=("a,b",)), Label(tags=("",))],
)  # fmt: skip
def test_what_no_line_holds_is_refused_and_the_old_label_stays(run: RunFolder, label: Label) -> None:
    write_label(run, Label(name="good"))
    with pytest.raises(StudioError):
        write_label(run, label)
    assert read_label(run) == Label(name="good")


@pytest.mark.parametrize(
    "value",
    ["{", "[]", {"format": 1}, {"format": 2, "name": "", "note": "", "tags": []}, {"format": True, "name": "", "note": "", "tags": []},
     {"format": 1, "name": 3, "note": "", "tags": []}, {"format": 1, "name": "", "note": "", "tags": "ab"},
     {"format": 1, "name": "", "note": "", "tags": [], "more": 1}],
)  # fmt: skip
def test_a_damaged_label_is_named_and_the_run_is_listed_all_the_same(run: RunFolder, value: object) -> None:
    (run.path / FILE).write_text(value if isinstance(value, str) else json.dumps(value))
    with pytest.raises(StudioError, match=FILE):
        read_label(run)
    (info,) = list_runs(run.path.parent)
    assert isinstance(info, RunInfo)
    assert FILE in info.label_fault
    assert info.label == Label()


def test_a_folder_in_the_labels_place_is_refused(run: RunFolder) -> None:
    (run.path / FILE).mkdir()
    with pytest.raises(StudioError, match="not a regular file"):
        read_label(run)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_recognised_until_a_setting_differs(name: str) -> None:
    base = default_spec("cifar10")
    spec = RECIPES[name].on(base)
    assert recipe_of(spec) == RECIPES[name]
    assert spec_words(spec).startswith(RECIPES[name].title)
    from dataclasses import replace

    other = replace(spec, lr=spec.lr * 1.5)
    assert recipe_of(other) is None
    assert spec_differences(spec, other) == [("Learning rate", f"{spec.lr:.6g}", f"{spec.lr * 1.5:.6g}")]
    assert spec_differences(spec, spec) == []
