"""A run's settings in a few words, and the differences of two. Knows no torch and no window."""

from __future__ import annotations

from typing import Any

from resnet_studio.language import tr, trn
from resnet_studio.runs.effects import effective
from resnet_studio.runs.fields import FIELDS
from resnet_studio.runs.recipes import RECIPES, Recipe
from resnet_studio.runs.spec import TrainSpec

OPTIMIZER_WORDS = {"sgd": "SGD", "adamw": "AdamW", "adam": "Adam", "rmsprop": "RMSprop", "nadam": "NAdam"}


def recipe_of(spec: TrainSpec) -> Recipe | None:
    """The named recipe whose every setting these settings have, as far as it has an effect; the one that names most of them."""
    wanted = effective(spec)
    fitting = [recipe for recipe in RECIPES.values() if effective(recipe.on(spec)) == wanted]
    return max(fitting, key=lambda recipe: len(recipe.changes), default=None)


def spec_words(spec: TrainSpec) -> str:
    """ "SGD 0.1 · batch 128 · 30 epochs", with its recipe's title in front where it has one, and what bends it behind."""
    recipe = recipe_of(spec)
    words = [recipe.title] if recipe is not None else []
    words += [
        f"{OPTIMIZER_WORDS[spec.optimizer]} {spec.lr:.6g}",
        tr("batch {size}", size=spec.batch_size),
        trn("{count} epoch", "{count} epochs", spec.epochs),
    ]
    if spec.precision != "float32":
        words.append(spec.precision)
    bends = {
        "mixup": spec.mixup,
        "CutMix": spec.cutmix,
        "EMA": spec.averaging,
        f"each image {spec.repeats} times": spec.repeats > 1,
        f"at {spec.train_size:.0%} size": spec.train_size < 1,
        f"from {spec.start_size:.0%} size": spec.start_size < 1,
        "compiled": spec.compile != "off",
    }
    words += [word for word, value in bends.items() if value]
    words.append(tr("seed {seed}", seed=spec.seed))
    return " · ".join(words)


def value_words(value: Any) -> str:
    """A setting's value for people."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def spec_differences(one: TrainSpec, other: TrainSpec) -> list[tuple[str, str, str]]:
    """The settings in which two runs differ: (label, the one's value, the other's)."""
    pairs = [(field.label, getattr(one, field.name), getattr(other, field.name)) for field in FIELDS]
    return [(label, value_words(a), value_words(b)) for label, a, b in pairs if a != b]
