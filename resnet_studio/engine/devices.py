"""What there is to compute on, in torch's names and in words for people. Knows no training."""

from __future__ import annotations

import os

import torch

from resnet_studio.runs.wire import Device, Ready


def devices() -> list[Device]:
    """The CPU and every GPU that torch can use here."""
    count = torch.get_num_threads()
    found: list[Device] = [{"name": "cpu", "label": f"CPU, {count} thread{'s' if count > 1 else ''}"}]
    for index in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(index)
        found.append({"name": f"cuda:{index}", "label": f"{card.name}, {card.total_memory / 2**30:.0f} GiB"})
    if torch.backends.mps.is_available():
        found.append({"name": "mps", "label": "Apple GPU"})
    return found


def ready() -> Ready:
    """The engine's first words. `cores` of the label are torch's own choice before this process limits itself."""
    return {"ready": True, "torch": str(torch.__version__), "devices": devices()}


def limit_threads(count: int = 2) -> None:
    """Leave the other cores to the run that trains beside this process."""
    torch.set_num_threads(max(1, min(count, os.cpu_count() or 1)))
