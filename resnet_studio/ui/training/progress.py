"""How a run gets on, in a few words: progress, gauges, best epoch, state. Pure functions of its History; know no Qt."""

from __future__ import annotations

from math import isfinite

from resnet_studio.language import tr, trn
from resnet_studio.runs.events import Failed, Finished, Stopped
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.format import THIN, size, thousands
from resnet_studio.ui.run_words import duration, percent, rate


def progress_words(history: History) -> str:
    """ "epoch 9/12 · 0:14 left · 1 284 img/s", as far as it is known."""
    started, step = history.started, history.last_step
    if started is None:
        return tr("starting: loading the network and the data")
    total = started.spec.epochs
    if step is None or history.phase:
        epochs = history.epochs[-1].epoch if history.epochs else 0
        words = [tr("epoch {epoch}/{epochs}", epoch=min(epochs + 1, total), epochs=total), history.phase]
        return " · ".join(word for word in words if word)
    words = [tr("epoch {epoch}/{epochs}", epoch=step.epoch, epochs=total)]
    # What a narrow header leaves out stands last.
    left = history.time_left
    if left is not None:
        words.append(tr("{time} left", time=duration(left)))
    if isfinite(step.images_per_second):
        words.append(tr("{speed} img/s", speed=thousands(round(step.images_per_second))))
    return " · ".join(words)


def paused_words(history: History) -> str:
    """ "paused · epoch 3/12 · step 240", of a run that was paused."""
    assert history.held is not None
    assert history.started is not None
    where = tr("epoch {epoch}/{epochs}", epoch=history.held.epoch, epochs=history.started.spec.epochs)
    return " · ".join([tr("paused"), where, tr("step {step}", step=thousands(history.held.step))])


def gauge_words(history: History) -> str:
    """ "lr 0.045 · 412 MB · RTX 4090 · GPU 87 %, 3.2 GB of 24 GB", as far as it is known."""
    words: list[str] = []
    if history.last_step is not None:
        # What the run is at now; when it has ended, the learning rate tells nothing any more.
        if history.ending is None:
            words.append(tr("lr {rate}", rate=rate(history.last_step.lr)))
        words.append(size(history.last_step.memory_bytes))
    if history.started is not None:
        words.append(history.started.device_label)
    # Last, which is what a narrow panel keeps.
    if history.ending is None and (cards := cards_words(history)):
        words.append(cards)
    return " · ".join(words)


def cards_words(history: History) -> str:
    """ "GPU 87 %, 3.2 GB of 24 GB", of several cards their mean and the fullest; nothing where nobody tells."""
    step, started = history.last_step, history.started
    words: list[str] = []
    if step is not None and step.gpu_percent:
        share = round(sum(step.gpu_percent) / len(step.gpu_percent))
        words.append(f"{share}{THIN}%")
    used = step.gpu_memory_bytes if step is not None else None
    totals = started.gpu_total_bytes if started is not None else None
    if used and totals and len(used) == len(totals):
        taken, whole = max(zip(used, totals, strict=True), key=lambda card: card[0] / max(card[1], 1))
        words.append(tr("{used} of {whole}", used=size(taken), whole=size(whole)))
    if not words:
        return ""
    many = len((step.gpu_percent if step is not None else None) or used or ())
    return trn("GPU {figures}", "{count} GPUs {figures}", many, figures=", ".join(words))


def best_value(history: History) -> str:
    """ "best 98.6 %", or nothing before the first epoch."""
    return "" if history.best is None else tr("best {accuracy}", accuracy=percent(history.best.val_accuracy))


def best_words(history: History) -> str:
    """ "best 98.6 % in epoch 14", or nothing before the first epoch."""
    best = history.best
    return (
        ""
        if best is None
        else tr("best {accuracy} in epoch {epoch}", accuracy=percent(best.val_accuracy), epoch=best.epoch)
    )


def state_words(history: History, *, begun: bool) -> str:
    """How a run that does not train stands, in so few words that a small window has room for them."""
    total = history.started.spec.epochs if history.started else 0
    where = tr("epoch {epoch}/{epochs}", epoch=len(history.epochs), epochs=total) if total else ""
    state = {Finished: tr("finished"), Stopped: tr("stopped"), Failed: tr("failed")}.get(
        type(history.ending), tr("interrupted") if begun else tr("not started")
    )
    if isinstance(history.ending, Finished):
        where = ""
    return " · ".join(part for part in (state, best_value(history), where) if part)
