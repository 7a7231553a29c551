"""Which settings change nothing because of the others, and why. Knows no torch and no window."""

from __future__ import annotations

from dataclasses import replace

from resnet_studio.language import tr
from resnet_studio.runs.spec import TrainSpec

_PLAIN = TrainSpec()


def idle(spec: TrainSpec) -> dict[str, str]:
    """The settings without effect, by name, each with the reason in a sentence."""
    found: dict[str, str] = {}
    if spec.optimizer != "sgd":
        found["nesterov"] = tr("Only SGD has it as an option.")
    elif not spec.momentum:
        found["nesterov"] = tr("Without momentum there is nothing to look along.")
    if not spec.weight_decay:
        found["decay_norms"] = tr("There is no weight decay.")
    if spec.schedule == "one_cycle":
        found["warmup_epochs"] = tr("One cycle rises by itself.")
    if spec.start_size >= 1:
        found["grow_epochs"] = tr("Images have their full size from the first epoch.")
    elif spec.epochs == 1:
        found |= dict.fromkeys(("start_size", "grow_epochs"), tr("The last epoch has the full size."))
    if not spec.averaging:
        found["averaging_every"] = tr("No average of the weights is kept.")
    if spec.data != "folder":
        found["workers"] = tr("This data lies in memory.")
        found["val_part"] = tr("Only a folder's images are cropped.")
    if spec.device != "all":
        # Under torchrun on several machines it counts, whatever the device says; the window starts none of these.
        found["sync_norms"] = tr("Only where several graphics cards share a batch.")
    return found


def effective(spec: TrainSpec) -> TrainSpec:
    """The same settings with those without effect at their plain values: equal ones make equal runs."""
    return replace(spec, **{name: getattr(_PLAIN, name) for name in idle(spec)})
