"""Named settings from papers and libraries, and recipe files (TOML) of one's own. Knows no torch and no design.

A recipe changes some settings and leaves the others; what it names stands in `FIELDS`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.fields import FIELDS
from resnet_studio.runs.spec import TrainSpec, checked, converted, default_spec

SUFFIX = ".toml"
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Settings that belong together.

    Args:
        name: what the command line says.
        title: what people read.
        note: one line on when to take it.
        source: where it comes from.
        changes: the settings that it names, by TrainSpec's attributes.
    """

    name: str
    title: str
    note: str
    source: str
    changes: Mapping[str, Any]

    def on(self, spec: TrainSpec) -> TrainSpec:
        """The settings with this recipe's."""
        return replace(spec, **self.changes)


def _recipe(name: str, title: str, note: str, source: str, **changes: Any) -> Recipe:
    return Recipe(name=name, title=title, note=note, source=source, changes=MappingProxyType(changes))


# Everything that bends a run away from the plain one, switched off: a recipe says what it wants and means the rest so.
_PLAIN = {
    "trivial_augment": False,
    "erasing": 0.0,
    "mixup": 0.0,
    "cutmix": 0.0,
    "repeats": 1,
    "train_size": 1.0,
    "start_size": 1.0,
    "val_part": 0.875,
    "label_smoothing": 0.0,
    "clip_norm": 0.0,
    "averaging": 0.0,
    "averaging_every": 1,
    "patience": 0,
    "warmup_epochs": 0.0,
    "decay_norms": True,
    "nesterov": False,
    "momentum": 0.9,
    "augment": "auto",
    "optimizer": "sgd",
}
# torchvision's script follows the weights every 32 steps, in epochs of 1,251 steps of 8 x 128 images, and makes of its decay of
# 0.99998 the one for this pace: 1 - (1 - 0.99998) * 8 * 128 * 32 / 600.
_V2_DECAY = 0.998908
_DIGITS = default_spec("digits")

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        _recipe(
            "digits", "Digits", tr("98 % on the bundled digits within seconds, on a processor."), tr("tuned here over ten seeds"),
            **_PLAIN | {
                name: getattr(_DIGITS, name)
                for name in ("epochs", "batch_size", "optimizer", "lr", "schedule", "weight_decay", "warmup_epochs")
            },
        ),
        _recipe(
            "cifar_2015", "CIFAR, He 2015", tr("The original 64\u202f000 steps; depth 110 wants a warm-up of an epoch."),
            "He et al. 2015, arXiv:1512.03385, section 4.2",
            **_PLAIN | {"epochs": 164, "batch_size": 128, "lr": 0.1, "schedule": "step", "weight_decay": 1e-4, "augment": "crop_flip"},
        ),
        _recipe(
            "wide", tr("Wide"), tr("For wide networks on CIFAR; a fifth of the rate at 30, 60 and 80 % of the run."),
            "Zagoruyko and Komodakis 2016, arXiv:1605.07146, section 3",
            **_PLAIN | {
                "epochs": 200, "batch_size": 128, "lr": 0.1, "schedule": "fifths", "weight_decay": 5e-4, "nesterov": True,
                "augment": "reflect_flip",
            },
        ),
        _recipe(
            "imagenet_v1", "ImageNet, V1", tr("torchvision's first weights: a tenth of the rate every third of the run."),
            "torchvision references/classification, IMAGENET1K_V1",
            **_PLAIN | {
                "epochs": 90, "batch_size": 256, "lr": 0.1, "schedule": "thirds", "weight_decay": 1e-4, "augment": "resized_crop",
            },
        ),
        _recipe(
            "imagenet_v2", "ImageNet, V2", tr("torchvision's second weights: long, with everything that keeps it from learning by heart."),
            "torchvision references/classification, IMAGENET1K_V2; Vryniotis 2021, How to Train State-Of-The-Art Models Using TorchVision's Latest Primitives",
            **_PLAIN | {
                "epochs": 600, "batch_size": 1024, "lr": 0.5, "schedule": "cosine", "warmup_epochs": 5.0, "weight_decay": 2e-5,
                "decay_norms": False, "label_smoothing": 0.1, "mixup": 0.2, "cutmix": 1.0, "trivial_augment": True, "erasing": 0.1,
                "repeats": 4, "train_size": 0.786, "val_part": 0.9655,
                "averaging": _V2_DECAY, "averaging_every": 32, "augment": "resized_crop",
            },
        ),
        _recipe(
            "fine_tune", tr("Fine-tune"), tr("For a network that begins with trained weights: short, with a small rate."),
            "Kornblith et al. 2018, arXiv:1805.08974, in spirit",
            **_PLAIN | {
                "epochs": 20, "batch_size": 64, "lr": 0.01, "schedule": "cosine", "warmup_epochs": 1.0, "weight_decay": 1e-4,
                "nesterov": True,
            },
        ),
    )
}  # fmt: skip


def recipe(name: str) -> Recipe:
    """A named recipe, or that of a file ending in .toml.

    Raises:
        StudioError: there is no such recipe, or its file cannot be read; the setting that is wrong is named.
    """
    if name in RECIPES:
        return RECIPES[name]
    if name.endswith(SUFFIX):
        return read_recipe(Path(name).expanduser())
    raise StudioError(
        tr("No recipe is called {name!r}.", name=name[:80]),
        tr("Take one of {names}, or a file ending in {suffix}.", names=", ".join(RECIPES), suffix=SUFFIX),
    )


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file: settings by their names, one a line, and perhaps a `title`.

    Raises:
        StudioError: it cannot be read, or names a setting that does not exist or lies outside its limits.
    """
    try:
        # Looked at first: opening a FIFO would wait for ever.
        if not path.is_file():
            raise StudioError(tr("{path}: There is no such file.", path=path), tr("Check the path."))
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES + 1)
        if len(text) > _MAX_BYTES:
            raise StudioError(
                tr("{path}: It is larger than any recipe.", path=path), tr("Choose a recipe file.")
            )
        value = tomllib.loads(text.decode())
    except OSError as error:
        raise StudioError(
            tr("{path}: It could not be read ({reason}).", path=path, reason=error.strerror or error),
            tr("Check its rights."),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StudioError(
            tr("{path}: It is not TOML ({error}).", path=path, error=str(error)[:120]),
            tr("Mend it in a text editor."),
        ) from error
    title = value.pop("title", path.stem)
    if not isinstance(title, str):
        raise StudioError(tr("{path}: title must be text.", path=path))
    return Recipe(
        name=path.stem,
        title=title[:64],
        note="",
        source=str(path),
        changes=MappingProxyType(_changes(path, value)),
    )


def _changes(path: Path, value: dict[str, Any]) -> dict[str, Any]:
    known = {field.name: field for field in FIELDS}
    changes: dict[str, Any] = {}
    for name, wanted in value.items():
        if name not in known:
            raise StudioError(
                tr("{path}: There is no setting {name!r}.", path=path, name=name[:64]),
                tr("Known are {known}.", known=", ".join(known)),
            )
        fault = known[name].fault(wanted)
        if fault:
            raise StudioError(f"{path}: {name} {fault}.", known[name].meaning)
        changes[name] = converted(known[name], wanted)
    return changes


def recipe_text(spec: TrainSpec, *, title: str) -> str:
    """The settings as the text of a recipe file, without what belongs to this machine (data's folder, device, workers)."""
    checked(spec)
    lines = [f"title = {_toml(title)}"]
    own = ("root", "device", "workers")
    lines += [
        f"{field.name} = {_toml(getattr(spec, field.name))}" for field in FIELDS if field.name not in own
    ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = "".join(
            f"\\u{ord(c):04x}" if c in '"\\' or not c.isprintable() else c for c in value if ord(c) < 0x10000
        )
        return f'"{escaped}"'
    return repr(value)
