"""The memory of training before anything is built: counted parts to the byte, and how it grows."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.training_memory import (
    SAFE,
    Load,
    fewest_parts,
    fits,
    largest_batch,
    need,
    program,
)
from resnet_studio.design.presets import preset

PLAN = analyse(preset("cifar_resnet20"))
LOADS = st.builds(
    Load,
    batch=st.integers(1, 4096),
    parts=st.integers(1, 8),
    slots=st.integers(0, 2),
    averaged=st.booleans(),
    half=st.booleans(),
    on_card=st.booleans(),
    data=st.integers(0, 2**30),
)


def test_what_is_counted_is_counted_to_the_byte() -> None:
    params = PLAN.totals.param_bytes
    found = need(PLAN, Load(batch=1, slots=2, averaged=True, data=7))
    assert (found.weights, found.gradients, found.optimizer, found.average, found.data) == (
        params, params, 2 * params, params, 7,
    )  # fmt: skip
    assert found.activations >= PLAN.totals.backward_bytes
    assert (
        found.total
        == sum((found.weights, found.gradients, found.optimizer, found.average, 7))
        + found.activations
        + found.workspace
    )


@given(LOADS)
def test_a_larger_batch_never_needs_less_and_parts_never_more(load: Load) -> None:
    now = need(PLAN, load).total
    assert need(PLAN, replace(load, batch=2 * load.batch)).total >= now
    assert need(PLAN, replace(load, parts=2 * load.parts)).total <= now
    assert need(PLAN, replace(load, averaged=True)).total >= now
    # The weights are cast, which a batch of a few small images does not win back.
    assert (
        need(PLAN, replace(load, half=True)).total
        <= need(PLAN, replace(load, half=False)).total + PLAN.totals.param_bytes
    )


@given(LOADS, st.integers(10**8, 10**11))
def test_the_largest_batch_fits_and_its_double_does_not(load: Load, free: int) -> None:
    batch = largest_batch(PLAN, load, free)
    if batch:
        assert fits(PLAN, replace(load, batch=batch), free)
        assert batch & (batch - 1) == 0
    if batch < 65_536:
        assert not fits(PLAN, replace(load, batch=max(1, 2 * batch)), free)
    parts = fewest_parts(PLAN, load, free)
    if parts:
        assert fits(PLAN, replace(load, parts=parts), free)
        assert parts == load.parts or not fits(PLAN, replace(load, parts=parts // 2), free)


def test_the_process_itself_and_a_reserve_are_kept_free() -> None:
    load = Load(batch=128)
    total = need(PLAN, load).total + program(load)
    assert fits(PLAN, load, round(total / SAFE) + 1)
    assert not fits(PLAN, load, total)
