"""Images that grow: linear in the epochs, at full size in the last one, and the work that is left adds up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.runs.effects import effective
from resnet_studio.runs.sizing import share_of, size_at, training_size, work_left
from resnet_studio.runs.spec import TrainSpec

GROWING = st.builds(
    TrainSpec, epochs=st.integers(1, 60), start_size=st.floats(0.25, 1), grow_epochs=st.integers(1, 80)
)


def test_sizes_are_the_ones_by_hand() -> None:
    spec = TrainSpec(epochs=12, start_size=0.5, grow_epochs=8)
    sizes = [size_at(spec, epoch, (224, 160)) for epoch in range(1, 13)]
    assert sizes[:3] == [(112, 80), (126, 90), (140, 100)]
    assert sizes[7:] == [(210, 150)] + [(224, 160)] * 4
    assert size_at(replace(spec, start_size=1.0), 1, (224, 160)) == (224, 160)


def test_images_grow_to_the_training_size() -> None:
    spec = TrainSpec(epochs=12, train_size=0.786, start_size=0.5, grow_epochs=8)
    assert size_at(spec, 1, (224, 160)) == (88, 63)
    assert {size_at(spec, epoch, (224, 160)) for epoch in (9, 12)} == {(176, 126)}
    assert training_size(spec, (224, 160)) == (176, 126)
    assert work_left(spec, 0) == work_left(replace(spec, train_size=1.0), 0)


@given(GROWING)
def test_images_never_shrink_and_end_at_full_size(spec: TrainSpec) -> None:
    shares = [share_of(spec, epoch) for epoch in range(1, spec.epochs + 1)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert shares[0] == 1.0 or abs(shares[0] - spec.start_size) <= 1 / 32
    assert all(share == 1.0 for share in shares[spec.grow_epochs :])
    # No more sizes than a compiler takes.
    assert len(set(shares)) <= 13


@given(GROWING, st.floats(0, 1))
def test_the_work_left_falls_from_the_sum_of_areas_to_nothing(spec: TrainSpec, part: float) -> None:
    areas = [share_of(spec, epoch) ** 2 for epoch in range(1, spec.epochs + 1)]
    assert work_left(spec, 0) == pytest.approx(sum(areas))
    assert work_left(spec, spec.epochs) == 0
    epochs = int(part * (spec.epochs - 1))
    assert work_left(spec, epochs + 0.5) == pytest.approx(sum(areas[epochs:]) - areas[epochs] / 2)


def test_growing_that_does_not_happen_has_no_effect() -> None:
    assert effective(TrainSpec(grow_epochs=3)) == effective(TrainSpec())
    assert effective(TrainSpec(epochs=1, start_size=0.5)) == effective(TrainSpec(epochs=1))
