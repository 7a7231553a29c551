"""How designs and data go together."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import presets
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.datasets import KNOWN, adapted, fit, require_fit, suited
from resnet_studio.runs.fields import DATA

IMAGENET = presets.preset("resnet18")
STARTER = presets.preset("digits_starter")


def test_every_name_of_the_settings_is_known() -> None:
    assert tuple(KNOWN) == DATA


def test_the_starter_fits_the_digits_as_it_is() -> None:
    found = fit(STARTER, (1, 8, 8), 10)
    assert found.fits
    assert found.notes == ()


def test_differences_are_told_and_refused() -> None:
    found = fit(IMAGENET, (1, 8, 8), 10)
    assert len(found.differences) == 1
    assert "10 classes" in found.differences[0]
    assert len(found.notes) == 2
    assert not fit(STARTER, (3, 8, 8), 10).fits
    assert not fit(replace(STARTER, head=None), (1, 8, 8), 10).fits
    with pytest.raises(StudioError, match="1000") as caught:
        require_fit(IMAGENET, (1, 8, 8), 10)
    assert "1x224x224" in caught.value.remedy


@given(
    st.sampled_from(sorted(set(presets.PRESETS) - {"cifar_resnet1202"})),
    st.sampled_from([known for known in KNOWN.values() if known.shape is not None]),
)
def test_an_adapted_preset_fits_and_has_no_problem(name: str, known: object) -> None:
    shape, classes = known.shape, known.classes  # type: ignore[attr-defined]
    design = adapted(presets.preset(name), shape, classes)
    assert fit(design, shape, classes).fits
    assert analyse(design).problems == ()
    assert adapted(design, shape, classes) == design


@settings(max_examples=40)
@given(
    st.sampled_from(sorted(set(presets.PRESETS) - {"cifar_resnet1202"})),
    st.tuples(st.sampled_from([1, 3]), st.integers(8, 600), st.integers(8, 600)),
    st.integers(2, 1000),
)
def test_a_suited_preset_fits_any_images_and_is_as_good_as_it_gets(
    name: str, shape: tuple[int, int, int], classes: int
) -> None:
    design = suited(presets.preset(name), shape, classes)
    assert fit(design, shape, classes).fits
    assert analyse(design).problems == ()
    assert suited(design, shape, classes) == design
    assert [stage.blocks for stage in design.stages] == [
        stage.blocks for stage in presets.preset(name).stages
    ]


def test_small_images_get_a_stem_that_keeps_their_pixels_and_large_ones_one_that_halves() -> None:
    small = suited(IMAGENET, (3, 32, 32), 10)
    assert (small.stem.kernel, small.stem.stride, small.stem.pool) == (3, 1, False)
    assert small.input.shape == (3, 32, 32)
    assert small.stem.channels == IMAGENET.stem.channels
    large = suited(small, (3, 375, 500), 1000)
    assert large.input.shape == (3, 224, 224)
    assert large.stem == IMAGENET.stem
    between = suited(IMAGENET, (3, 96, 96), 10)
    assert between.stem == IMAGENET.stem
    assert between.input.shape == (3, 224, 224)
