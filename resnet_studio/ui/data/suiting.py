"""Whether drawing and data go together, in words, and the one click that makes the drawing fit. Knows no engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs import datasets
from resnet_studio.runs.datasets import Fit
from resnet_studio.ui import commands
from resnet_studio.ui.data.watch import DataFacts
from resnet_studio.ui.document import Document
from resnet_studio.ui.widgets.notice_strip import Message, Offer

Refuse = Callable[[StudioError], object]


def sentences(parts: Sequence[str], notices: Sequence[str] = ()) -> str:
    """Parts as one sentence, then what is a sentence already."""
    words = "; ".join(parts)
    return " ".join([*([f"{words[0].upper()}{words[1:]}."] if words else []), *notices])


def fit_of(design: Design, facts: DataFacts) -> Fit | None:
    """How they go together; None while the data is not known."""
    if facts.shape is None or facts.classes is None:
        return None
    return datasets.fit(design, facts.shape, facts.classes)


def _ways(document: Document, facts: DataFacts) -> tuple[Design, Design]:
    """(with a stem for the images' size, with the stem as it is); weights from elsewhere belong to the stem that is there."""
    assert facts.shape is not None
    assert facts.classes is not None
    kept = datasets.adapted(document.design, facts.shape, facts.classes)
    whole = datasets.suited(document.design, facts.shape, facts.classes)
    return (kept if document.initial is not None else whole), kept


def fit_message(document: Document, facts: DataFacts, refuse: Refuse) -> Message | None:
    """What differs, or what will be done about it, with the click that adapts the drawing; None where nothing is to be said."""
    found = fit_of(document.design, facts)
    if found is None:
        return None
    words = sentences(found.differences or found.notes, facts.notices)
    if not words:
        return None
    offers = _offers(document, facts, refuse, urgent=not found.fits)
    # Where it is low, the settings have more need of the room than what will be told again when nothing stands in the way.
    shorter = (sentences(found.differences),) if found.differences and facts.notices else ()
    return Message(words, "info" if found.fits else "warn", offers, shorter=shorter)


def _offers(document: Document, facts: DataFacts, refuse: Refuse, *, urgent: bool) -> tuple[Offer, ...]:
    whole, kept = _ways(document, facts)

    def do(design: Design) -> None:
        try:
            document.apply(commands.checked(design), tr("Adapt to {data}", data=facts.title))
        except StudioError as error:
            refuse(error)

    offers: list[Offer] = []
    if kept not in (whole, document.design):
        tip = tr("Change input and classes, and leave the stem as it is; one step, undoable.")
        offers.append(Offer(tr("Adapt all but the stem"), "keepStemButton", lambda: do(kept), tip))
    if whole != document.design:
        changes = (
            tr("Change input, stem and classes; one step, undoable.")
            if whole != kept
            else tr("Change input and classes; one step, undoable.")
        )
        adapt = tr("Adapt the design")
        offers.append(Offer(adapt, "adaptButton", lambda: do(whole), changes, primary=urgent))
    return tuple(offers)
