"""The settings: strict both ways, and every refusal names its field."""

import json
import math
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.fields import DATA, FIELDS, FieldKind, SettingField
from resnet_studio.runs.spec import TrainSpec, checked, default_spec, spec_from, spec_to


def values(field: SettingField) -> st.SearchStrategy[Any]:
    if field.kind is FieldKind.CHOICE:
        return st.sampled_from(field.choices)
    if field.kind is FieldKind.INT:
        return st.integers(int(field.low), int(field.high))
    if field.kind is FieldKind.FLOAT:
        return st.floats(field.low, field.high)
    if field.kind is FieldKind.FLAG:
        return st.booleans()
    if field.kind is FieldKind.DEVICE:
        return st.sampled_from(["auto", "cpu", "cuda", "cuda:3", "mps"])
    return st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


specs = st.fixed_dictionaries({field.name: values(field) for field in FIELDS}).map(
    lambda made: TrainSpec(**made)
)


@given(specs)
def test_a_spec_comes_back_through_json(spec: TrainSpec) -> None:
    assert spec_from(json.loads(json.dumps(spec_to(spec)))) == spec


def test_the_table_names_every_field_once() -> None:
    assert [field.name for field in FIELDS] == [field.name for field in fields(TrainSpec)]


@pytest.mark.parametrize("data", DATA)
def test_defaults_lie_within_the_limits(data: str) -> None:
    spec = default_spec(data)
    assert spec.data == data
    assert checked(replace(spec, root="somewhere"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", True), ("epochs", 1.0), ("epochs", 0), ("epochs", 10**30), ("lr", math.nan), ("lr", math.inf), ("lr", -1),
        ("lr", "0.1"), ("lr", 10**400), ("optimizer", "SGD"), ("optimizer", 1), ("device", "cuda:-1"), ("device", "cuda:x"),
        ("device", "gpu"), ("device", "cpu:"), ("nesterov", 1), ("root", ""), ("root", "a\0b"), ("root", 3), ("seed", -1), ("data", None),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(StudioError, match=name):
        spec_from(spec_to(TrainSpec()) | {name: value})


def test_unknown_and_missing_fields_are_refused_by_name() -> None:
    with pytest.raises(StudioError, match="colour"):
        spec_from(spec_to(TrainSpec()) | {"colour": 1})
    whole = spec_to(TrainSpec())
    del whole["lr"]
    with pytest.raises(StudioError, match="lr"):
        spec_from(whole)
    with pytest.raises(StudioError):
        spec_from([1])


def test_a_whole_number_may_stand_for_a_float_and_becomes_one() -> None:
    spec = spec_from(spec_to(TrainSpec()) | {"lr": 1})
    assert isinstance(spec.lr, float)


def test_an_image_folder_needs_a_folder() -> None:
    with pytest.raises(StudioError, match="none is named"):
        checked(default_spec("folder"))
    with pytest.raises(StudioError, match="'imagenet'"):
        default_spec("imagenet")
