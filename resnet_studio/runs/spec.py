"""The settings of a run as one frozen value, TrainSpec, read and written strictly. Knows no torch and no files.

Defaults differ by data set: see `default_spec`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.fields import DATA, FIELDS, FieldKind, SettingField

__all__ = ["DATA", "FIELDS", "TrainSpec", "checked", "converted", "default_spec", "spec_from", "spec_to"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSpec:
    """Everything that decides a run besides the design. Each field's meaning and limits stand in `FIELDS`.

    The plain defaults are nobody's recipe: see `default_spec`. Construction does not check; `checked` and `spec_from` do.
    """

    data: str = "digits"
    root: str | None = None
    epochs: int = 20
    batch_size: int = 64
    optimizer: str = "sgd"
    lr: float = 0.1
    schedule: str = "cosine"
    warmup_epochs: float = 1.0
    momentum: float = 0.9
    nesterov: bool = True
    weight_decay: float = 5e-4
    decay_norms: bool = True
    augment: str = "auto"
    trivial_augment: bool = False
    erasing: float = 0.0
    mixup: float = 0.0
    cutmix: float = 0.0
    repeats: int = 1
    train_size: float = 1.0
    start_size: float = 1.0
    grow_epochs: int = 10
    val_part: float = 0.875
    label_smoothing: float = 0.0
    clip_norm: float = 0.0
    parts: int = 1
    fit_memory: bool = False
    averaging: float = 0.0
    averaging_every: int = 1
    patience: int = 0
    seed: int = 0
    device: str = "auto"
    precision: str = "float32"
    channels_last: bool = True
    compile: str = "off"
    sync_norms: bool = False
    deterministic: bool = False
    workers: int = 0


# What settings were before they had a name: a run of an older version means just these.
_LATER = {
    "trivial_augment": False,
    "erasing": 0.0,
    "mixup": 0.0,
    "cutmix": 0.0,
    "repeats": 1,
    "train_size": 1.0,
    "start_size": 1.0,
    "grow_epochs": 10,
    "val_part": 0.875,
    "clip_norm": 0.0,
    "parts": 1,
    "fit_memory": False,
    "averaging": 0.0,
    "averaging_every": 1,
    "patience": 0,
    "sync_norms": False,
    "deterministic": False,
    "compile": "off",
}


_HE_2015 = {"lr": 0.1, "momentum": 0.9, "nesterov": False, "weight_decay": 1e-4, "batch_size": 128}
_DEFAULTS: dict[str, dict[str, Any]] = {
    # Tuned over ten seeds: 98 % by the fifth epoch of the Digits starter.
    "digits": {"epochs": 8, "optimizer": "adamw", "lr": 0.005, "weight_decay": 0.02},
    "mnist": {"epochs": 5, "batch_size": 128, "warmup_epochs": 0.5},
    "fashion_mnist": {"epochs": 15, "batch_size": 128},
    "cifar10": _HE_2015 | {"epochs": 30},
    "cifar100": _HE_2015 | {"epochs": 30},
    "folder": {"epochs": 30, "batch_size": 32, "lr": 0.05, "weight_decay": 1e-4, "workers": 2},
}


def default_spec(data: str = "digits") -> TrainSpec:
    """The settings that suit a data set.

    Raises:
        StudioError: no data set has this name.
    """
    if data not in _DEFAULTS:
        raise StudioError(
            tr("No data set is called {data!r}.", data=data),
            tr("Take one of {names}.", names=", ".join(DATA)),
        )
    return replace(TrainSpec(data=data), **_DEFAULTS[data])


def checked(spec: TrainSpec) -> TrainSpec:
    """The same settings, known to lie within `FIELDS`.

    Raises:
        StudioError: naming the first setting that does not, or that contradicts another.
    """
    for field in FIELDS:
        fault = field.fault(getattr(spec, field.name))
        if fault:
            raise StudioError(f"{field.name} {fault}.", f"{field.label}: {field.meaning}")
    if spec.data == "folder" and spec.root is None:
        raise StudioError(
            tr("The data is a folder of images, but none is named."), tr("Choose the folder (root).")
        )
    return spec


def spec_to(spec: TrainSpec) -> dict[str, Any]:
    """The JSON object of the settings; `spec_from` gives them back."""
    return asdict(spec)


def spec_from(value: Any) -> TrainSpec:
    """The settings in a parsed JSON object.

    Raises:
        StudioError: it is no object, or a field is missing, unknown, of the wrong type or outside its limits.
    """
    if not isinstance(value, dict):
        raise StudioError(tr("The settings of a run must be an object."))
    names = {field.name for field in fields(TrainSpec)}
    for name in value:
        if name not in names:
            raise StudioError(
                tr("The settings have the unknown field {name!r}.", name=str(name)[:64]),
                tr("Was it written by a newer version?"),
            )
    whole = _LATER | value
    for name in sorted(names - whole.keys()):
        raise StudioError(tr("The settings lack {name}.", name=name))
    values = {field.name: converted(field, whole[field.name]) for field in FIELDS}
    return checked(TrainSpec(**values))


def converted(field: SettingField, value: Any) -> Any:
    """A value as its setting holds it."""
    # In a file 1 may stand for 1.0, never the other way round. Wrong values are refused by name later.
    if field.kind is FieldKind.FLOAT and not field.fault(value):
        return float(value)
    return value
