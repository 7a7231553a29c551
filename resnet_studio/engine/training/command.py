"""The function behind `train RUN` and `resume`: trains a run, keeps what it says and why it ended. Knows no window, no command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress

from resnet_studio.design.errors import StudioError
from resnet_studio.engine import cards
from resnet_studio.engine.training.advice import MemoryAdvice
from resnet_studio.engine.training.failing import in_words
from resnet_studio.engine.training.loop import train
from resnet_studio.engine.training.meeting import join, leave
from resnet_studio.engine.training.parting import heeding, of_bug
from resnet_studio.engine.training.pausing import pause_asked
from resnet_studio.engine.training.preparing import prepare
from resnet_studio.engine.training.world import Gone, World
from resnet_studio.runs import requests
from resnet_studio.runs.event_file import EventFile
from resnet_studio.runs.events import Event, Failed, Finished, Notice
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.patience import Ask, log, nobody
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
    yield from in_words(_trained(run, file, world, advice), world, advice)


def _trained(run: RunFolder, file: EventFile, world: World, advice: MemoryAdvice) -> Iterator[Event]:
    job, started, notices = prepare(run, file, world, advice)
    yield started
    for text in notices:
        yield Notice(text=text)
    with closing(job.feeder), cards.watching(world.cards(job.device)) as job.gauge:
        yield from train(job)
