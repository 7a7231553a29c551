"""Starts a process for each graphics card where a run wants all of them, as `torchrun` does. Knows no training."""

from __future__ import annotations

import os
from collections.abc import Sequence

import torch

from resnet_studio.engine.training.parting import is_one_of_several
from resnet_studio.runs.child import TERMINATE_GRACE_SECONDS
from resnet_studio.runs.events import Event, Failed, Finished, Stopped
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.patience import log


def wants_together(run: RunFolder) -> bool:
    """Whether a run is to be trained by several processes of this machine, which are not there yet; and can be."""
    if run.spec().device != "all" or is_one_of_several() or torch.cuda.device_count() < 2:
        return False
    # Where not, the one process refuses, in a run's own way to say so.
    return torch.distributed.is_available() and torch.distributed.is_nccl_available()


def train_together(run: RunFolder, words: Sequence[str], *, watched: bool) -> int:
    """Train a run by as many processes as there are cards, each with this command line; returns the exit code for all.

    Args:
        run: which.
        words: of the command line, behind the program's name.
        watched: whoever started this process kills it a while after it was asked to end.
    """
    # Only here: others need none of it, and not every torch has it.
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main

    if watched:
        # Before it is killed itself it must have ended those that do not end when asked to. Older versions of torch do not know it;
        # then the system ends them (`end_with_parent`).
        os.environ.setdefault("TORCH_ELASTIC_SHUTDOWN_TIMEOUT", str(round(TERMINATE_GRACE_SECONDS) - 3))
    # What torchrun gives each process, in four lines of warning where nobody has chosen.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    before = _written(run)
    try:
        main(["--standalone", f"--nproc-per-node={torch.cuda.device_count()}", "-m", "resnet_studio", *words])
    except (ChildFailedError, SignalException) as error:
        code = _code(run.last_event() if _written(run) != before else None)
        # The first process has told in words what went wrong.
        if code == ExitCode.BUG:
            log(str(error))
        return code
    return ExitCode.DONE


def _written(run: RunFolder) -> int:
    return run.events_path.stat().st_mtime_ns if run.events_path.exists() else 0


def _code(last: Event | None) -> ExitCode:
    """What the processes' codes say of a run that said this last: they were asked to end and saved, or failed with words."""
    if isinstance(last, Stopped | Finished):
        return ExitCode.DONE
    return ExitCode.FAILED if isinstance(last, Failed) else ExitCode.BUG
