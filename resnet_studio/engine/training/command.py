"""The function behind `train RUN` and `resume`: prepares a run, trains it, keeps its events. Knows no window, no command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from typing import Any

import torch

from resnet_studio.analysis.plan import Plan
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps
from resnet_studio.engine import cards
from resnet_studio.engine.build import build, sound_plan
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.images import DataSet
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.device import choose_device, is_out_of_memory, make_deterministic, put_on, work_on
from resnet_studio.engine.modules import Network
from resnet_studio.engine.threads import use_sensible_threads
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.advice import MemoryAdvice
from resnet_studio.engine.training.averaging import Average
from resnet_studio.engine.training.beginning import begin
from resnet_studio.engine.training.demands import (
    check_deterministic,
    check_layout,
    check_precision,
    check_world,
    least_part,
    smallest_plan,
)
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.loop import train
from resnet_studio.engine.training.optimizer import make_optimizer
from resnet_studio.engine.training.parting import heeding, of_bug
from resnet_studio.engine.training.pausing import pause_asked
from resnet_studio.engine.training.settling import settle
from resnet_studio.engine.training.state import State, make_scaler, restore
from resnet_studio.engine.training.world import Gone, World, gone, join, leave, require_together
from resnet_studio.language import tr
from resnet_studio.runs import requests
from resnet_studio.runs.datasets import require_fit
from resnet_studio.runs.event_file import EventFile
from resnet_studio.runs.events import Event, Failed, Finished, Notice, Started
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.patience import Ask, log, nobody
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.runs.tensorboard import Board

Emit = Callable[[Event], None]
StopAsked = Callable[[], str]


def run_training(
    run: RunFolder, emit: Emit, stop_asked: StopAsked, ask: Ask = nobody, *, taken: bool = False
) -> Event:
    """Start a run, or go on from its newest sound checkpoint; every event is kept in the folder and given to `emit`.

    Where the disk takes nothing, `ask` says whether to try again. Under `torchrun` all processes train the run together: the
    first one keeps and tells, the others learn in silence. `taken`: the caller holds the run's lock. Returns the last event:
    Finished, Stopped, or Failed when the world was at fault. After anything else than an orderly end a process of several must
    `quit_at_once`: the others may be stuck, and would be waited for.

    Raises:
        StudioError: another process trains this run; nothing was changed.
    """
    world = join(stop_asked)
    world.pause_asked = pause_asked(run)
    try:
        last = _lead(run, emit, world, ask, taken=taken) if world.leads else _follow(run, world)
    except StudioError as error:
        world.complain(error.what, error.remedy)
        raise
    except Exception as error:
        bug = of_bug(error)
        world.complain(bug.what, bug.remedy)
        raise
    if not isinstance(last, Failed):
        # Another one may fail at its very end, while this one waits for it.
        with _heeding(world, lambda error: log(str(error))):
            leave()
    return last


def _follow(run: RunFolder, world: World) -> Event:
    """Train with the others without a word; the last event is theirs too."""
    world.wait()
    done = _done(run)
    if done is not None:
        return done
    last: Event | None = None
    try:
        with _heeding(world, lambda error: log(str(error))):
            for event in _events(run, EventFile(run), world):
                last = event
    except StudioError as error:
        if not isinstance(error, Gone):
            world.complain(error.what, error.remedy)
        last = Failed(what=error.what, remedy=error.remedy)
    assert last is not None
    return last


def _lead(run: RunFolder, emit: Emit, world: World, ask: Ask, *, taken: bool) -> Event:
    with nullcontext() if taken else run.lock():
        if not taken:
            # Whoever asked before meant the process that had the run before.
            requests.forget_stop(run)
        world.wait()
        done = _done(run)
        if done is not None:
            emit(done)
            return done
        last: Event = Failed(what="The run ended without a word.", remedy="This is a bug.")
        file, board = EventFile(run, ask), Board(run)

        def say_failed(error: StudioError) -> Failed:
            failed = Failed(what=error.what, remedy=error.remedy)
            # What stopped us may be the full disk; then the words reach the parent alone.
            file.append_if_possible(failed)
            emit(failed)
            return failed

        try:
            with _heeding(world, say_failed):
                for last in _events(run, file, world):
                    file.append(last)
                    emit(last)
                    said = board.add(last)
                    if said:
                        file.append(Notice(text=said))
                        emit(Notice(text=said))
        except StudioError as error:
            last = say_failed(_reason(error, world))
        except Exception as error:
            # Whoever shows the run later shall not take it for one that was killed.
            file.append_if_possible(of_bug(error))
            raise
        finally:
            file.close()
            board.close()
            requests.forget_stop(run)
        return last


def _reason(error: StudioError, world: World) -> StudioError:
    """What is told of an error: where another process ended, why it did."""
    if not isinstance(error, Gone):
        world.complain(error.what, error.remedy)
        return error
    with suppress(RuntimeError):
        return world.complaint() or error
    return error


def _heeding(world: World, say: Callable[[StudioError], object]) -> AbstractContextManager[None]:
    return nullcontext() if world.alone else heeding(world.complaint, say)


def _done(run: RunFolder) -> Finished | None:
    """The last word of a run that is finished already: nothing is left to train, and nothing to write."""
    last = run.last_event()
    return last if isinstance(last, Finished) else None


def _events(run: RunFolder, file: EventFile, world: World) -> Iterator[Event]:
    """Everything that the run says from now on."""
    advice = MemoryAdvice()
    try:
        yield from _prepared(run, file, world, advice)
    except (RuntimeError, MemoryError) as error:
        told = str(error).partition("\n")[0][:200]
        if "deterministic" in told:
            raise StudioError(
                tr("This network cannot be trained deterministically: {told}", told=told),
                tr("Switch Deterministic off."),
            ) from error
        if world.lost(error):
            raise gone(told) from error
        if _is_cards_fault(error):
            raise StudioError(
                tr("The graphics card failed: {told}", told=told),
                tr(
                    "Look whether another program has it for itself, and at the driver's log; then resume, or choose another device. Restart the machine if it stays so."
                ),
            ) from error
        if not is_out_of_memory(error):
            raise
    else:
        return
    # Outside the except block, whose traceback would keep every tensor of the step alive.
    raise advice.error()


def _is_cards_fault(error: BaseException) -> bool:
    """Whether the driver says that the card failed (busy, lost, a fault of its own): not memory, nor what a wrong index is told as."""
    told = str(error).lower()
    return isinstance(error, torch.AcceleratorError) and not is_out_of_memory(error) and "assert" not in told


def _prepared(run: RunFolder, file: EventFile, world: World, advice: MemoryAdvice) -> Iterator[Event]:
    spec, design = run.spec(), run.design()
    plan = sound_plan(design)
    chosen = choose_device(spec.device, local_rank=world.card())
    device = torch.device(chosen.name)
    if device.type == "cuda" and (
        not world.alone or (spec.device == "all" and torch.cuda.device_count() > 1)
    ):
        require_together(on_cards=True)
    world.require_own_card(device)
    work_on(device)
    slow = [*check_precision(spec, device), *check_layout(spec, device)]
    check_deterministic(plan, spec, device)
    make_deterministic(spec.deterministic, compiles=spec.compile != "off")
    data = open_data(spec.data, spec.root)
    notes = require_fit(design, data.shape, len(data.classes)).notes
    smallest = smallest_plan(design, spec)
    feeder = Feeder(data, spec, design.input, device, world.mine)
    check_world(feeder, world)
    least = least_part(smallest, feeder, spec, world)
    advice.set(plan, spec, device, devices=world.size)
    use_sensible_threads(plan, feeder.batch_size, device)
    about = _about(plan, data)
    network, begun = _first_network(run, plan, spec, about=about, world=world)
    state = _state(network, spec, device)
    notices = [*data.notices, *notes, *slow, *begun, *_went_on(run, state, world)]
    job = Job(run, spec, feeder, device, state, about, file.sync, file.ask, world, least)
    file.ask = job.patient
    settle(job)
    if world.leads:
        file.open()
    yield Started(
        run=str(run.path), design=design.name, spec=spec, device=chosen.name, device_label=chosen.label,
        params=plan.totals.params, train_images=len(data.train), val_images=len(data.val),
        steps_per_epoch=feeder.steps_per_epoch, classes=data.classes, start_step=state.progress.step, torch=str(torch.__version__),
        gpu_total_bytes=cards.totals(world.cards(device)),
    )  # fmt: skip
    for text in notices:
        yield Notice(text=text)
    with closing(feeder), cards.watching(world.cards(device)) as job.gauge:
        yield from train(job)


def _first_network(
    run: RunFolder, plan: Plan, spec: TrainSpec, *, about: dict[str, Any], world: World
) -> tuple[Network, list[str]]:
    """The network as the run begins, and what people should know of it."""
    torch.manual_seed(spec.seed)
    # On the processor first, so that a seed gives the same first weights on every device.
    network = build(plan)
    # The leader first: it fetches what is to be carried and keeps it in the folder, where the others find it.
    if not world.leads:
        world.wait()
    said = begin(run, plan, network, about=about, cancelled=lambda: bool(world.stop_asked()))
    if world.leads:
        world.wait()
    return network, said


def _state(network: Network, spec: TrainSpec, device: torch.device) -> State:
    put_on(network, device, channels_last=spec.channels_last)
    average = Average(network, spec.averaging) if spec.averaging else None
    return State(network, make_optimizer(network, spec), make_scaler(spec, device), average=average)


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
