"""Lets joined processes find the layout of their sums before the first step. Knows no batch of a run."""

from __future__ import annotations

import torch

from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.step import forward
from resnet_studio.engine.training.trial import Before


def settle(job: Job) -> None:
    """One pass over two blank images that leaves no trace but the layout.

    torch lays the gradients into buckets anew behind the first backward pass that it sees. Three or more processes add the same
    numbers in another order then, and the first step after a resume was not the one of the run that had not been stopped.
    """
    if job.world.alone or job.splits:
        return
    before = Before(job.state)
    job.state.network.train()
    height, width = job.feeder.size
    blank = torch.zeros(2, job.about["input"]["shape"][0], height, width, device=job.device)
    forward(job.learning, blank, job.spec.precision).sum().backward()  # type: ignore[no-untyped-call]
    before.put_back()
