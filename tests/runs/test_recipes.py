"""Recipes: all lie within the settings' limits, files are read strictly, and what is written is read back."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.fields import DATA
from resnet_studio.runs.recipes import RECIPES, read_recipe, recipe, recipe_text
from resnet_studio.runs.sizing import size_at, training_size
from resnet_studio.runs.spec import TrainSpec, checked, default_spec
from tests.runs.test_spec import specs


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("data", DATA)
def test_every_recipe_suits_every_data_set(name: str, data: str) -> None:
    before = replace(default_spec(data), root="somewhere", seed=7, device="cpu")
    after = checked(recipe(name).on(before))
    assert (after.data, after.root, after.seed, after.device) == (data, "somewhere", 7, "cpu")


def test_a_recipe_means_all_that_bends_a_run() -> None:
    """Taking one after another gives the last one alone: nothing of the first stays behind."""
    base = default_spec("cifar10")
    for one in RECIPES.values():
        for other in RECIPES.values():
            assert other.on(one.on(base)) == other.on(base)


def test_the_second_recipe_is_torchvisions() -> None:
    """Vryniotis 2021, and the arguments of references/classification/train.py: 8 processes of 128 images."""
    v2 = RECIPES["imagenet_v2"].changes
    assert (v2["batch_size"], v2["epochs"], v2["lr"], v2["momentum"]) == (8 * 128, 600, 0.5, 0.9)
    assert (v2["optimizer"], v2["nesterov"], v2["schedule"], v2["warmup_epochs"]) == (
        "sgd",
        False,
        "cosine",
        5,
    )
    assert (v2["weight_decay"], v2["decay_norms"], v2["label_smoothing"]) == (2e-5, False, 0.1)
    assert (v2["mixup"], v2["cutmix"], v2["trivial_augment"], v2["erasing"]) == (0.2, 1.0, True, 0.1)
    assert v2["repeats"] == 4
    spec = RECIPES["imagenet_v2"].on(default_spec("folder"))
    assert training_size(spec, (224, 224)) == (176, 176)
    assert size_at(spec, 1, (224, 224)) == size_at(spec, 600, (224, 224)) == (176, 176)
    assert round(232 * spec.val_part) == 224
    assert spec.averaging_every == 32
    assert 1 - spec.averaging == pytest.approx((1 - 0.99998) * 8 * 128 * 32 / 600, rel=1e-3)


def test_published_settings() -> None:
    he, wide = RECIPES["cifar_2015"].changes, RECIPES["wide"].changes
    assert (he["lr"], he["momentum"], he["weight_decay"], he["batch_size"]) == (0.1, 0.9, 1e-4, 128)
    assert (wide["epochs"], wide["weight_decay"], wide["nesterov"]) == (200, 5e-4, True)
    v1, v2 = RECIPES["imagenet_v1"].changes, RECIPES["imagenet_v2"].changes
    assert (v1["epochs"], v1["lr"], v1["schedule"]) == (90, 0.1, "thirds")
    assert (v2["epochs"], v2["lr"], v2["mixup"], v2["cutmix"], v2["erasing"]) == (600, 0.5, 0.2, 1.0, 0.1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spec=specs, title=st.text(max_size=20))
def test_what_is_written_is_read_back(tmp_path: Path, spec: TrainSpec, title: str) -> None:
    spec = replace(spec, root="here")
    path = tmp_path / "mine.toml"
    path.write_text(recipe_text(spec, title=title), encoding="utf-8")
    base = replace(default_spec(), root="here", device=spec.device, workers=spec.workers)
    assert read_recipe(path).on(base) == spec


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lr = 'fast'", "lr must be a number"),
        ("lr = nan", "lr must be a finite number"),
        ("epochs = 0", "epochs must be from 1"),
        ("learning_rate = 0.1", "no setting 'learning_rate'"),
        ("lr = ", "not TOML"),
        ("title = 3", "title must be text"),
        ("[lr]\nx = 1", "lr must be a number"),
        ("\xff", "no setting|not TOML"),
        ("x" * 70_000, "larger than any recipe"),
    ],
)
def test_a_wrong_file_is_refused_by_what_is_wrong_in_it(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(StudioError, match=words) as caught:
        recipe(str(path))
    assert str(path) in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    for name in ("pipe.toml", "missing.toml", ""):
        with pytest.raises(StudioError):
            read_recipe(tmp_path / name)
    with pytest.raises(StudioError, match="cifar_2015"):
        recipe("cifar")
