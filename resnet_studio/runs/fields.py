"""The table of training settings: name, label, meaning, limits, choices. Knows no window and no command line.

The command line's flags, the window's form and the reader of run.json are all made from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resnet_studio.language import tr


class FieldKind(StrEnum):
    """How a setting is written, and so which control it gets."""

    CHOICE = "choice"
    INT = "int"
    FLOAT = "float"
    FLAG = "flag"
    FOLDER = "folder"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """One setting.

    Args:
        name: of TrainSpec's attribute; as a flag, `--` and dashes for underscores.
        label: what the form writes beside the control.
        meaning: one sentence, for the tool tip and `--help`.
        kind: how it is written.
        low, high: inclusive limits of numbers.
        choices: of a CHOICE, in the order of the form.
        advanced: shown only on request.
    """

    name: str
    label: str
    meaning: str
    kind: FieldKind
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    advanced: bool = False

    @property
    def flag(self) -> str:
        """The command line's option: --batch-size."""
        return "--" + self.name.replace("_", "-")

    def fault(self, value: Any) -> str:
        """What is wrong with a value, or an empty text. Strict: no bool passes for a number, no float for an int."""
        return _CHECKS[self.kind](self, value)


def _number_fault(field: SettingField, value: Any, words: str) -> str:
    if not math.isfinite(value):
        return tr("must be {words}", words=words)
    if not field.low <= value <= field.high:
        return tr(
            "must be from {low:g} to {high:g}, not {value:g}", low=field.low, high=field.high, value=value
        )
    return ""


def _int_fault(field: SettingField, value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return tr("must be a whole number, not {value}", value=_shown(value))
    if not field.low <= value <= field.high:
        return tr(
            "must be from {low} to {high}, not {value}",
            low=int(field.low),
            high=int(field.high),
            value=_shown(value),
        )
    return ""


def _float_fault(field: SettingField, value: Any) -> str:
    # A huge int would overflow as a float before any limit could refuse it.
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 1e300:
        return tr("must be a number, not {value}", value=_shown(value))
    return _number_fault(field, float(value), tr("a finite number"))


def _flag_fault(_field: SettingField, value: Any) -> str:
    return "" if isinstance(value, bool) else tr("must be true or false, not {value}", value=_shown(value))


def _choice_fault(field: SettingField, value: Any) -> str:
    if isinstance(value, str) and value in field.choices:
        return ""
    return tr("must be one of {choices}, not {value}", choices=", ".join(field.choices), value=_shown(value))


def _folder_fault(_field: SettingField, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not value or "\0" in value or len(value) > 4096:
        return tr("must be a folder's path, not {value}", value=_shown(value))
    return ""


def _device_fault(_field: SettingField, value: Any) -> str:
    if isinstance(value, str):
        kind, _, index = value.partition(":")
        plain = value in ("auto", "all", "cpu", "cuda", "mps")
        if plain or (kind == "cuda" and index.isascii() and index.isdecimal() and len(index) <= 3):
            return ""
    return tr(
        "must be auto, all, cpu, cuda:0 (a graphics card's number) or mps, not {value}", value=_shown(value)
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


_CHECKS = {
    FieldKind.CHOICE: _choice_fault,
    FieldKind.INT: _int_fault,
    FieldKind.FLOAT: _float_fault,
    FieldKind.FLAG: _flag_fault,
    FieldKind.FOLDER: _folder_fault,
    FieldKind.DEVICE: _device_fault,
}

DATA = ("digits", "mnist", "fashion_mnist", "cifar10", "cifar100", "folder")

SCHEDULES = ("cosine", "step", "thirds", "fifths", "constant", "one_cycle")
COMPILING = ("off", "default", "reduce-overhead")
OPTIMIZERS = ("sgd", "adamw", "adam", "rmsprop", "nadam")

FIELDS: tuple[SettingField, ...] = (
    SettingField(
        name="data", label=tr("Data"), kind=FieldKind.CHOICE, choices=DATA,
        meaning=tr("What the network learns: a known data set, or a folder with one folder of images per class."),
    ),
    SettingField(
        name="root", label=tr("Folder"), kind=FieldKind.FOLDER,
        meaning=tr("Where the data lies; empty means the program's own data folder."),
    ),
    SettingField(
        name="epochs", label=tr("Epochs"), kind=FieldKind.INT, low=1, high=10_000,
        meaning=tr("How many times the network sees every training image."),
    ),
    SettingField(
        name="batch_size", label=tr("Batch size"), kind=FieldKind.INT, low=1, high=65_536,
        meaning=tr("Images per step; more are faster and need more memory."),
    ),
    SettingField(
        name="optimizer", label=tr("Optimizer"), kind=FieldKind.CHOICE, choices=OPTIMIZERS,
        meaning=tr("How gradients become steps: SGD with momentum, or one that adapts to each weight (AdamW: Loshchilov and Hutter 2017, arXiv:1711.05101). Weight decay is apart from the gradient in AdamW and NAdam, and a part of it in the others."),
    ),
    SettingField(
        name="lr", label=tr("Learning rate"), kind=FieldKind.FLOAT, low=0, high=100,
        meaning=tr("Size of a step at the schedule's peak; k times the batch wants k times the rate (Goyal et al. 2017, arXiv:1706.02677)."),
    ),
    SettingField(
        name="schedule", label=tr("Schedule"), kind=FieldKind.CHOICE, choices=SCHEDULES,
        meaning=tr("How the learning rate goes on: down a cosine; a tenth at 1/2 and 3/4 of the run (step); a tenth every third; a fifth at 30, 60 and 80 %; constant; up and down once, momentum as it is. Cosine: Loshchilov and Hutter 2016, arXiv:1608.03983; once: Smith and Topin 2017, arXiv:1708.07120."),
    ),
    SettingField(
        name="warmup_epochs", label=tr("Warm-up"), kind=FieldKind.FLOAT, low=0, high=1000, advanced=True,
        meaning=tr("Epochs in which the learning rate rises linearly from near zero (Goyal et al. 2017, arXiv:1706.02677)."),
    ),
    SettingField(
        name="momentum", label=tr("Momentum"), kind=FieldKind.FLOAT, low=0, high=0.9999, advanced=True,
        meaning=tr("How much of the last step SGD and RMSprop carry on; the first beta of the Adams (Sutskever et al. 2013)."),
    ),
    SettingField(
        name="nesterov", label=tr("Nesterov"), kind=FieldKind.FLAG, advanced=True,
        meaning=tr("SGD looks ahead along its momentum before it takes the gradient (Sutskever et al. 2013)."),
    ),
    SettingField(
        name="weight_decay", label=tr("Weight decay"), kind=FieldKind.FLOAT, low=0, high=10,
        meaning=tr("How strongly weights are pulled towards zero (Krogh and Hertz 1991)."),
    ),
    SettingField(
        name="decay_norms", label=tr("Decay norms"), kind=FieldKind.FLAG, advanced=True,
        meaning=tr("Weight decay reaches the norms' scales and shifts too, as in He et al. 2015, arXiv:1512.03385. Without, it spares them and nothing else, as in torchvision's second recipe."),
    ),
    SettingField(
        name="augment", label=tr("Augmentation"), kind=FieldKind.CHOICE,
        choices=("auto", "none", "shift", "crop_flip", "reflect_flip", "resized_crop"),
        meaning=tr("How training images vary: what suits the data, not at all, small shifts, shift and mirror, the same with the image's reflection instead of black behind its edge (Zagoruyko and Komodakis 2016, arXiv:1605.07146), or random crops of 8 to 100 % of the area and mirror (Szegedy et al. 2014, arXiv:1409.4842)."),
    ),
    SettingField(
        name="trivial_augment", label=tr("Trivial augment"), kind=FieldKind.FLAG, advanced=True,
        meaning=tr("One random change of colour or shape to each training image; pixels that move are blended in images from files, and whole in the small ones in memory (Müller and Hutter 2021, arXiv:2103.10158)."),
    ),
    SettingField(
        name="erasing", label=tr("Random erasing"), kind=FieldKind.FLOAT, low=0, high=1, advanced=True,
        meaning=tr("How likely a rectangle of a training image is blanked (Zhong et al. 2017, arXiv:1708.04896)."),
    ),
    SettingField(
        name="mixup", label=tr("Mixup"), kind=FieldKind.FLOAT, low=0, high=10, advanced=True,
        meaning=tr("Alpha with which pairs of images and their labels are blended (Zhang et al. 2017, arXiv:1710.09412); 0 is off. One draw for all images of a batch that are on the same device; where CutMix is on too, one of the two is drawn."),
    ),
    SettingField(
        name="cutmix", label=tr("CutMix"), kind=FieldKind.FLOAT, low=0, high=10, advanced=True,
        meaning=tr("Alpha with which a part of one image replaces another's (Yun et al. 2019, arXiv:1905.04899); 0 is off."),
    ),
    SettingField(
        name="repeats", label=tr("Repeats"), kind=FieldKind.INT, low=1, high=64, advanced=True,
        meaning=tr("How often each image stands in a batch, varied anew each time; an epoch sees so many times fewer images (Hoffer et al. 2019, arXiv:1901.09335). 1 is off."),
    ),
    SettingField(
        name="train_size", label=tr("Training size"), kind=FieldKind.FLOAT, low=0.25, high=1, advanced=True,
        meaning=tr("Part of the drawn height and width at which images are trained; they are validated at full: 0.786 is 176 of 224 (Touvron et al. 2019, arXiv:1906.06423)."),
    ),
    SettingField(
        name="start_size", label=tr("Start size"), kind=FieldKind.FLOAT, low=0.25, high=1, advanced=True,
        meaning=tr("Part of the training size that images begin with; they grow to it linearly, and are validated at full (Tan and Le 2021, arXiv:2104.00298). 1 is off."),
    ),
    SettingField(
        name="grow_epochs", label=tr("Growing epochs"), kind=FieldKind.INT, low=1, high=10_000, advanced=True,
        meaning=tr("Epochs until training images have their full size; the last epoch has it always."),
    ),
    SettingField(
        name="val_part", label=tr("Validation part"), kind=FieldKind.FLOAT, low=0.25, high=1, advanced=True,
        meaning=tr("Part of the shorter edge that validation sees of a folder's images, the middle: 0.875 is 224 of 256, 0.9655 is 224 of 232 (Touvron et al. 2019, arXiv:1906.06423)."),
    ),
    SettingField(
        name="label_smoothing", label=tr("Label smoothing"), kind=FieldKind.FLOAT, low=0, high=0.9, advanced=True,
        meaning=tr("Part of the target that is spread over all classes (Szegedy et al. 2015, arXiv:1512.00567)."),
    ),
    SettingField(
        name="clip_norm", label=tr("Clip gradients"), kind=FieldKind.FLOAT, low=0, high=1e6, advanced=True,
        meaning=tr("Largest length of all gradients together; longer ones are shortened (Pascanu et al. 2012, arXiv:1211.5063). 0 is off."),
    ),
    SettingField(
        name="parts", label=tr("Batch in parts"), kind=FieldKind.INT, low=1, high=1024, advanced=True,
        meaning=tr("Take each batch in so many parts and add their gradients: less memory, the same step but for the norms."),
    ),
    SettingField(
        name="fit_memory", label=tr("Fit memory"), kind=FieldKind.FLAG, advanced=True,
        meaning=tr("When memory runs out, take each batch in twice as many parts and repeat the step, on all devices that share it; batch norms then see the parts."),
    ),
    SettingField(
        name="averaging", label=tr("Weight averaging"), kind=FieldKind.FLOAT, low=0, high=0.99999, advanced=True,
        meaning=tr("Decay of the moving average of the weights, which is what is validated and kept as best (Tarvainen and Valpola 2017, arXiv:1703.01780); 0 is off. torchvision means 1 − 0.00002 × batch × steps between looks / epochs; it rises to that from 0.1."),
    ),
    SettingField(
        name="averaging_every", label=tr("Average every"), kind=FieldKind.INT, low=1, high=10_000, advanced=True,
        meaning=tr("Steps from one look of the moving average at the weights to the next, within an epoch; fewer looks cost less (Izmailov et al. 2018, arXiv:1803.05407)."),
    ),
    SettingField(
        name="patience", label=tr("Patience"), kind=FieldKind.INT, low=0, high=10_000, advanced=True,
        meaning=tr("Epochs without a better validation accuracy after which the run ends early, counted from where images have their full size; 0 never."),
    ),
    SettingField(
        name="seed", label=tr("Seed"), kind=FieldKind.INT, low=0, high=2**31 - 1,
        meaning=tr("Fixes first weights, order and augmentation: the same seed gives the same run."),
    ),
    SettingField(
        name="device", label=tr("Device"), kind=FieldKind.DEVICE,
        meaning=tr("Where it computes; auto takes the first graphics card, else the processor; all takes every graphics card of this machine."),
    ),
    SettingField(
        name="precision", label=tr("Precision"), kind=FieldKind.CHOICE, choices=("float32", "bf16", "fp16"), advanced=True,
        meaning=tr("Numbers of the forward pass: 32 bits, or 16 with weights kept in 32 (Micikevicius et al. 2017, arXiv:1710.03740). Validation computes in the same."),
    ),
    SettingField(
        name="channels_last", label=tr("Channels last"), kind=FieldKind.FLAG, advanced=True,
        meaning=tr("Keep the channels of a pixel side by side in memory; usually faster, the same network."),
    ),
    SettingField(
        name="compile", label=tr("Compile"), kind=FieldKind.CHOICE, choices=COMPILING, advanced=True,
        meaning=tr("torch.compile: a wait first, then faster steps on a graphics card, seldom on a processor; reduce-overhead records CUDA graphs too."),
    ),
    SettingField(
        name="sync_norms", label=tr("Synchronise norms"), kind=FieldKind.FLAG, advanced=True,
        meaning=tr("Batch norms see the whole batch where several graphics cards share it; slower (Peng et al. 2017, arXiv:1711.07240)."),
    ),
    SettingField(
        name="deterministic", label=tr("Deterministic"), kind=FieldKind.FLAG, advanced=True,
        meaning=tr("Only computations that give the same bits every time, on a graphics card too; slower there."),
    ),
    SettingField(
        name="workers", label=tr("Loader workers"), kind=FieldKind.INT, low=0, high=64, advanced=True,
        meaning=tr("Processes that read image files; data sets that fit into memory need none."),
    ),
)  # fmt: skip
