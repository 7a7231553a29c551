"""What the page before a run says above its settings: data, fit and memory, one at a time, with remedies. Values to a Message; knows no page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.ui.data.suiting import fit_message
from resnet_studio.ui.data.watch import DataState, DataWatch
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import size, thousands
from resnet_studio.ui.training.will_fit import Verdict
from resnet_studio.ui.widgets.notice_strip import Message, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies:
    """What the buttons of the notices do, as far as the data cannot do it by itself.

    Args:
        choose_folder: let the user choose the data's folder.
        look: read the data anew.
        take: change these settings, by name.
        refuse: tell why the drawing could not be adapted.
    """

    choose_folder: Callable[[], None]
    look: Callable[[], None]
    take: Callable[[dict[str, Any]], None]
    refuse: Callable[[StudioError], None]


def notice(document: Document, data: DataWatch, verdict: Verdict | None, remedies: Remedies) -> Message:
    """What stands in the way of a run, or will be done; an empty Message where there is nothing to say."""
    # One thing at a time: a broken drawing has no shapes that data or memory could be held against.
    said = None if document.plan.problems else _advice(document, data, verdict, remedies)
    return _data(data, remedies) or said or Message()


def _advice(
    document: Document, data: DataWatch, verdict: Verdict | None, remedies: Remedies
) -> Message | None:
    """What keeps the run from starting, before what may end it, before what is only good to know."""
    fit, memory = fit_message(document, data.facts, remedies.refuse), _memory(verdict, remedies)
    return memory if memory is not None and (fit is None or fit.tone == "info") else fit


# --- data -------------------------------------------------------------------------------------------------------------


def _data(data: DataWatch, remedies: Remedies) -> Message | None:
    """How a download gets on, or what is missing."""
    if data.state is DataState.FETCHING:
        return _download(data)
    if data.state is not DataState.MISSING or data.fault is None:
        return None
    known = KNOWN[data.facts.name]
    if known.download_bytes:
        words = tr("Download ({size})", size=size(known.download_bytes))
        fetch = Offer(words, "downloadButton", data.fetch, data.fault.remedy, primary=True)
        return Message(data.fault.what, "warn", (_choose(data.fault.remedy, remedies), fetch))
    look = Offer(tr("Look again"), "lookAgainButton", remedies.look, tr("Read the data anew."))
    if data.facts.name != "folder":
        return Message(str(data.fault), "warn", (look,))
    choose = _choose(tr("Choose the folder of the images."), remedies)
    return Message(str(data.fault), "warn", (choose,) if data.root is None else (look, choose))


def _choose(tip: str, remedies: Remedies) -> Offer:
    return Offer(tr("Choose folder…"), "chooseDataButton", remedies.choose_folder, tip)


def _download(data: DataWatch) -> Message:
    done, total, text = data.progress
    words = text or tr("asking the server")
    if total:
        words = tr("{done} of {total}", done=size(done), total=size(total))
    tip = tr("What came already stays for the next try.")
    cancel = Offer(tr("Cancel"), "cancelDownloadButton", data.cancel, tip)
    said = tr("Downloading {data}: {words}", data=KNOWN[data.facts.name].title, words=words)
    return Message(said, "info", (cancel,), done / total if total else -1.0)


# --- memory -----------------------------------------------------------------------------------------------------------


def _memory(verdict: Verdict | None, remedies: Remedies) -> Message | None:
    """What to do where the run will not fit: a smaller batch, or the same one in parts."""
    if verdict is None or verdict.fits or verdict.free is None:
        return None
    parts, largest = verdict.parts, verdict.largest
    offers: list[Offer] = []
    if parts:
        words = trn("Take it in {count} part", "Take it in {count} parts", parts)
        tip = tr("The same step with less memory; batch norms see the parts.")
        offers.append(Offer(words, "takePartsButton", lambda: remedies.take({"parts": parts}), tip))
    if largest:
        words = tr("Batch of {count}", count=thousands(largest))
        tip = tr("Smaller steps, more of them.")
        offers.append(Offer(words, "smallerBatchButton", lambda: remedies.take({"batch_size": largest}), tip))
    text = tr(
        "This will hardly fit: it needs about {taken}, and {free} are free.",
        taken=size(verdict.taken),
        free=size(verdict.free),
    )
    return Message(text, "warn", tuple(offers))
