"""What there is to compute on, in torch's names and in words for people. Knows no training."""

from __future__ import annotations

import torch

from resnet_studio.runs.wire import Device


def devices() -> list[Device]:
    """The CPU and every GPU that torch can use here; the CPU first."""
    count = torch.get_num_threads()
    found: list[Device] = [{"name": "cpu", "label": f"CPU, {count} thread{'s' if count > 1 else ''}"}]
    for index in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(index)
        found.append({"name": f"cuda:{index}", "label": f"{card.name}, {card.total_memory / 2**30:.0f} GiB"})
    if torch.backends.mps.is_available():
        found.append({"name": "mps", "label": "Apple GPU"})
    return found
