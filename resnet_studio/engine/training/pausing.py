"""A run that somebody paused: between two steps it keeps a checkpoint and waits, its process and its card kept. Knows no network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from resnet_studio.engine.device import give_back
from resnet_studio.engine.training.job import Job
from resnet_studio.runs import requests
from resnet_studio.runs.events import Event, Held, WentOn
from resnet_studio.runs.folder import RunFolder


def pause_asked(run: RunFolder, clock: Callable[[], float] = time.monotonic) -> Callable[[], bool]:
    """What tells whether the run is to wait, and looks into its folder ten times a second at most."""
    return requests.seldom(lambda: requests.pause_is_asked(run), clock)


def held(job: Job) -> Iterator[Event]:
    """Wait for as long as somebody wants the run to, or until it is to stop. All its processes come here behind the same step.

    A checkpoint is written before, so that nothing is lost whatever becomes of the process meanwhile.
    """
    if job.world.leads:
        yield job.save("last")
    # What torch holds in reserve may be what somebody needs meanwhile.
    give_back()
    step = job.state.progress.step
    began = time.perf_counter()
    yield Held(step=step, epoch=job.state.progress.epochs_done + 1)
    while not job.world.stopping() and job.world.pausing():
        time.sleep(requests.SECONDS_BETWEEN_LOOKS)
        # Together they look together: each would go on at another moment, and wait for the others in the middle of a step.
        job.world.summed([])
    seconds = time.perf_counter() - began
    job.clock.leave_out(seconds)
    job.clock.mark()
    if not job.world.stopping():
        yield WentOn(step=step, seconds=seconds)
