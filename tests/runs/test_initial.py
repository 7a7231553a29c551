"""Which weights a run begins with: read strictly, kept in run.json, absent from runs of format 1."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial, initial_from, initial_to
from resnet_studio.runs.spec import default_spec

WHOLE = Initial(source="/data/w.pt", origin=preset("resnet18"), slices=True, sha256="0" * 64)
SHORT = Initial(source="ResNet50_Weights.IMAGENET1K_V2")


@pytest.mark.parametrize("initial", [WHOLE, SHORT])
def test_json_gives_the_same_back(initial: Initial) -> None:
    assert initial_from(json.loads(json.dumps(initial_to(initial)))) == initial


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", ""), ("source", 3), ("source", "a\0b"), ("source", "x" * 5000), ("origin", 3), ("origin", "{}"),
        ("slices", 1), ("slices", None), ("sha256", None), ("sha256", "0" * 63), ("sha256", "G" * 64), ("more", 1),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(field: str, value: Any) -> None:
    with pytest.raises(StudioError):
        initial_from(initial_to(WHOLE) | {field: value})


@pytest.mark.parametrize("field", ["source", "origin", "slices", "sha256"])
def test_what_is_missing_is_refused(field: str) -> None:
    told = initial_to(WHOLE)
    del told[field]
    with pytest.raises(StudioError):
        initial_from(told)


@pytest.mark.parametrize("value", [[], 3, "w.pt"])
def test_what_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(StudioError):
        initial_from(value)


@pytest.mark.parametrize(
    ("source", "title"),
    [("/a/b/w.pt", "w.pt"), ("C:\\nets\\w.pt", "w.pt"), ("resnet50", "resnet50"), ("/a/", "/a/")],
)
def test_a_title_is_the_last_part(source: str, title: str) -> None:
    assert Initial(source=source).title == title


@pytest.mark.parametrize("initial", [None, WHOLE, SHORT])
def test_a_run_keeps_them(initial: Initial | None, tmp_path: Path) -> None:
    run = RunFolder.create(preset("digits_starter"), default_spec(), tmp_path, initial=initial)
    assert RunFolder.open(run.path).initial() == initial
    assert run.spec() == default_spec()


def test_a_run_of_format_1_began_with_fresh_weights(tmp_path: Path) -> None:
    run = RunFolder.create(preset("digits_starter"), default_spec(), tmp_path)
    about = json.loads(run.about_path.read_text())
    del about["initial"]
    run.about_path.write_text(json.dumps(about | {"format": 1}))
    assert run.initial() is None
    assert run.spec() == default_spec()


@pytest.mark.parametrize(
    "change", [{"format": 3}, {"format": 0}, {"format": 2.0}, {"initial": []}, {"more": 1}]
)
def test_another_run_json_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    run = RunFolder.create(preset("digits_starter"), default_spec(), tmp_path)
    run.about_path.write_text(json.dumps(json.loads(run.about_path.read_text()) | change))
    with pytest.raises(StudioError, match=r"run\.json"):
        run.initial()


def test_the_origin_of_a_very_deep_network_fits(tmp_path: Path) -> None:
    deep = preset("cifar_resnet1202")
    run = RunFolder.create(deep, default_spec("cifar10"), tmp_path, initial=replace(WHOLE, origin=deep))
    kept = run.initial()
    assert kept is not None
    assert kept.origin == deep
