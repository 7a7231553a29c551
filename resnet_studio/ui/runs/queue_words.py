"""How the queue stands, and each run in it, in words. Pure functions; know no Qt."""

from __future__ import annotations

from resnet_studio.language import tr, trn
from resnet_studio.runs.queue import Entry, Queue, Turn


def queue_words(queue: Queue) -> str:
    """ "Goes on: 1 trains, 2 wait, 1 has ended", "2 wait for Start", or what is so."""
    trains, waits, over = (len(queue.of(turn)) for turn in (Turn.RUNNING, Turn.WAITING, Turn.ENDED))
    if not trains and not waits and not over:
        return tr("Empty")
    if not queue.going and waits and not trains and not over:
        # Nothing was ever begun that could be paused.
        return trn("{count} run waits for Start", "{count} runs wait for Start", waits)
    counts = [
        (trains, trn("{count} trains", "{count} train", trains)),
        (waits, trn("{count} waits", "{count} wait", waits)),
        (over, trn("{count} has ended", "{count} have ended", over)),
    ]
    words = ", ".join(text for count, text in counts if count)
    if queue.going:
        return tr("Goes on: {counts}", counts=words)
    return tr("Paused: {counts}", counts=words) if trains or waits else tr("Done: {counts}", counts=words)


def state_words(entry: Entry) -> str:
    """ "trains on cuda:0", "waits", "failed: The loss is not finite." """
    if entry.turn is Turn.RUNNING:
        return tr("trains on {device}", device="CPU" if entry.slot == "cpu" else entry.slot)
    if entry.turn is Turn.WAITING:
        return tr("waits")
    return entry.said.partition(".")[0] if entry.good else tr("failed: {why}", why=entry.said)
