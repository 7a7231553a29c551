"""What the formats that hold a program share: the example they are traced with, silence, and archives without traces of
this machine. Knows no format."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from resnet_studio.engine.exporting.material import Material


def example(material: Material) -> Tensor:
    """Two images: torch.export takes a batch of one for a law."""
    return torch.zeros((2, *material.contents.design.input.shape))


@contextmanager
def quiet() -> Iterator[None]:
    """Without what exporters say about their own future; what matters is proved afterwards."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
