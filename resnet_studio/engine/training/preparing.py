"""Makes a run ready to be trained: device, data, network, weights and what was kept of an earlier start. Knows no loop, keeps no event."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch

from resnet_studio.analysis.plan import Plan
from resnet_studio.design.files import dumps
from resnet_studio.engine import cards
from resnet_studio.engine.data.images import DataSet
from resnet_studio.engine.modules import Network
from resnet_studio.engine.threads import use_sensible_threads
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.advice import MemoryAdvice
from resnet_studio.engine.training.beginning import begin, fresh_network
from resnet_studio.engine.training.ground import lay_ground
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.settling import settle
from resnet_studio.engine.training.state import State, first_state, restore
from resnet_studio.engine.training.world import World
from resnet_studio.language import tr
from resnet_studio.runs.event_file import EventFile
from resnet_studio.runs.events import Started
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec


class Prepared(NamedTuple):
    """A run that can be trained, the first thing that it says, and what people should know of it."""

    job: Job
    started: Started
    notices: list[str]


def prepare(run: RunFolder, file: EventFile, world: World, advice: MemoryAdvice) -> Prepared:
    """Look whether settings, design, data and device go together, and put all of it in its place.

    Args:
        run: its folder.
        file: of its events; the leader's is open then, and asks whom the run asks.
        world: the processes that train it together.
        advice: is told what the run is made of, for the case that memory runs out.

    Raises:
        StudioError: they do not, or something of it cannot be had.
    """
    spec, design = run.spec(), run.design()
    ground = lay_ground(design, spec, world, advice)
    plan, device, data, feeder = ground.plan, ground.device, ground.data, ground.feeder
    use_sensible_threads(plan, feeder.batch_size, device)
    about = _about(plan, data)
    network, begun = _first_network(run, plan, spec, about=about, world=world)
    state = first_state(network, spec, device)
    notices = [*ground.notices, *begun, *_went_on(run, state, world)]
    job = Job(run, spec, feeder, device, state, about, file.sync, file.ask, world, ground.least_part)
    file.ask = job.patient
    settle(job)
    if world.leads:
        file.open()
    started = Started(
        run=str(run.path), design=design.name, spec=spec, device=ground.chosen.name, device_label=ground.chosen.label,
        params=plan.totals.params, train_images=len(data.train), val_images=len(data.val),
        steps_per_epoch=feeder.steps_per_epoch, classes=data.classes, start_step=state.progress.step, torch=str(torch.__version__),
        gpu_total_bytes=cards.totals(world.cards(device)),
    )  # fmt: skip
    return Prepared(job, started, notices)


def _first_network(
    run: RunFolder, plan: Plan, spec: TrainSpec, *, about: dict[str, Any], world: World
) -> tuple[Network, list[str]]:
    """The network as the run begins, and what people should know of it."""
    network = fresh_network(plan, spec)
    # The leader first: it fetches what is to be carried and keeps it in the folder, where the others find it.
    if not world.leads:
        world.wait()
    said = begin(run, plan, network, about=about, cancelled=lambda: bool(world.stop_asked()))
    if world.leads:
        world.wait()
    return network, said


def _about(plan: Plan, data: DataSet) -> dict[str, Any]:
    return {
        "design": dumps(plan.design),
        "classes": list(data.classes),
        "input": {"shape": list(plan.design.input.shape), "mean": list(data.mean), "std": list(data.std)},
        "data": data.name,
        "torch": str(torch.__version__),
    }


def _went_on(run: RunFolder, state: State, world: World) -> list[str]:
    """Put the newest sound checkpoint back and cut the events to it; returns what people should know."""
    notices: list[str] = []
    if world.leads:
        checkpoint.clear_leftovers(run)
        notices = [
            tr("The checkpoint {name} is damaged and is not used.", name=path.name)
            for path in checkpoint.damaged(run)
        ]
    world.wait()
    found = checkpoint.newest(run, "last")
    if found is not None:
        restore(state, found.contents)
    progress = state.progress
    world.agree_on(progress.step, "checkpoint")
    if world.leads:
        run.cut_events(step=progress.step, epochs=progress.epochs_done)
    return notices
