"""Puts back what belongs to the whole process: random numbers, threads, the ways in which torch computes. Knows no network."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import torch

from resnet_studio.engine.training.state import random_states, set_random_states


@contextmanager
def untouched(device: torch.device) -> Generator[None, None, None]:
    """Whatever is set inside, and drawn there and on the device, is behind it as it was before."""
    random, threads = random_states(device), torch.get_num_threads()
    mode, tries = torch.get_deterministic_debug_mode(), torch.backends.cudnn.benchmark
    try:
        yield
    finally:
        set_random_states(random, device)
        torch.set_num_threads(threads)
        torch.set_deterministic_debug_mode(mode)
        torch.backends.cudnn.benchmark = tries
