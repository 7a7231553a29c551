"""Events: one line each, strict both ways."""

import json
import math
from dataclasses import fields, replace
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.runs import events
from resnet_studio.runs.events import Epoch, Event, Step, decode, encode
from resnet_studio.runs.spec import TrainSpec

KINDS = [
    events.Started, events.Step, events.Epoch, events.Checkpointed, events.Notice, events.Phase, events.Split, events.Stopped, events.Finished, events.Failed,
]  # fmt: skip
STEP = Step(step=3, epoch=1, loss=2.5, accuracy=0.5, lr=0.1, images_per_second=100.0, memory_bytes=5)


def value_of(wanted: Any) -> st.SearchStrategy[Any]:
    if wanted is TrainSpec:
        return st.just(TrainSpec(seed=4))
    simple: dict[Any, st.SearchStrategy[Any]] = {
        int: st.integers(-(2**63), 2**63),
        float: st.floats(-1e300, 1e300, exclude_max=True, exclude_min=True),
        bool: st.booleans(),
        str: st.text(st.characters(exclude_categories=["Cs"])),
    }
    if isinstance(wanted, UnionType):
        return st.none() | value_of(get_args(wanted)[0])
    if get_origin(wanted) is tuple:
        return st.lists(value_of(get_args(wanted)[0]), max_size=3).map(tuple)
    return simple[wanted]


def made(kind: type[Any]) -> st.SearchStrategy[Event]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: value_of(hints[field.name]) for field in fields(kind)})


@given(st.one_of([made(kind) for kind in KINDS]))
def test_an_event_comes_back_from_its_line(event: Event) -> None:
    line = encode(event)
    assert "\n" not in line
    assert decode(line) == event
    assert decode(line.encode()) == event


@given(st.text() | st.binary())
def test_anything_else_is_refused_with_our_error(line: str | bytes) -> None:
    with pytest.raises(StudioError):
        decode(line)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_null_on_the_line(value: float) -> None:
    event = Epoch(
        epoch=1, step=2, train_loss=1.0, train_accuracy=0.1, val_loss=value, val_accuracy=0.1, seconds=1.0, best=False, time_left=1.0
    )  # fmt: skip
    assert json.loads(encode(event))["val_loss"] is None
    again = decode(encode(event))
    assert isinstance(again, Epoch)
    assert math.isnan(again.val_loss)


@pytest.mark.parametrize(
    "change",
    [
        {"step": 1.5},
        {"step": True},
        {"loss": "1"},
        {"loss": True},
        {"event": "steps"},
        {"event": None},
        {"more": 1},
        {"step": None},
        {"gpu_percent": 40.0},
        {"gpu_percent": ["40"]},
        {"gpu_percent": [True]},
        {"gpu_memory_bytes": [1.5]},
        {"gpu_memory_bytes": [None]},
    ],
)
def test_wrong_fields_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(StudioError):
        decode(json.dumps(json.loads(encode(STEP)) | change))


def test_what_an_older_version_wrote_lacks_what_came_later() -> None:
    written = Epoch(
        epoch=1, step=2, train_loss=1.0, train_accuracy=0.1, val_loss=1.0, val_accuracy=0.1, seconds=1.0, best=False, time_left=1.0
    )  # fmt: skip
    value = json.loads(encode(replace(written, val_top5=0.5)))
    assert value.pop("val_top5") == 0.5
    assert decode(json.dumps(value)) == written


def test_on_a_processor_a_line_says_nothing_of_cards_as_in_older_versions() -> None:
    assert "gpu" not in encode(STEP)
    assert decode(encode(STEP)) == STEP
    watched = replace(STEP, gpu_percent=(97.0, 3.0), gpu_memory_bytes=(2**34, 2**30))
    assert json.loads(encode(watched))["gpu_percent"] == [97.0, 3.0]
    assert decode(encode(watched)) == watched


def test_a_missing_field_is_named() -> None:
    value = json.loads(encode(STEP))
    del value["lr"]
    with pytest.raises(StudioError, match="lr"):
        decode(json.dumps(value))
