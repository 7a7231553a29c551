"""What a run would be about and why none can begin, in words. Values to text; knows no widget."""

from __future__ import annotations

from resnet_studio.analysis.plan import Plan
from resnet_studio.language import tr, trn
from resnet_studio.runs.initial import Initial
from resnet_studio.ui.data.suiting import fit_of
from resnet_studio.ui.data.watch import DataFacts, DataState, DataWatch
from resnet_studio.ui.format import resolution, thousands
from resnet_studio.ui.runs.names import weights_title


def facts_words(facts: DataFacts) -> str:
    """One line on the data: "1 442 + 355 images · 10 classes · 1·8²"."""
    parts = []
    if facts.train:
        parts.append(tr("{train} + {val} images", train=thousands(facts.train), val=thousands(facts.val)))
    if facts.classes is not None:
        parts.append(trn("{count} class", "{count} classes", facts.classes))
    if facts.shape is not None:
        channels = trn("{count} channel", "{count} channels", facts.shape[0])
        kind = {1: tr("grey"), 3: tr("colour")}.get(facts.shape[0], channels)
        parts.append(f"{resolution(facts.shape)} {kind}")
    return " · ".join(parts)


def summary_words(data: DataWatch, initial: Initial | None) -> str:
    """What is going to be learned from, and which weights the run begins with, in one line."""
    if data.state is DataState.LOOKING and not data.facts.train:
        return tr("looking at the data")
    words = facts_words(data.facts)
    if initial is not None:
        # First, for the end of the line is cut in a narrow panel.
        words = tr("begins with {weights} · {words}", weights=weights_title(initial.source), words=words)
    # Of data that everybody knows the figures are known, which must not read as if it were here.
    return tr("not there yet · {words}", words=words) if data.state is DataState.MISSING and words else words


def problem_words(plan: Plan) -> str:
    """The first Problem of a drawing, and how many more there are; empty where it has none."""
    problems = plan.problems
    if not problems:
        return ""
    text = f"{problems[0]}."
    if len(problems) == 1:
        return text
    return tr("{problem} And {count} more.", problem=text, count=len(problems) - 1)


def hindrance(plan: Plan, data: DataWatch) -> str:
    """Why no run can begin, whatever its settings; empty when one can."""
    problems = plan.problems
    if len(problems) == 1:
        return tr("The design has a problem. {problem}", problem=problems[0])
    if problems:
        more = len(problems) - 1
        return tr("The design has a problem. {problem} ({count} more)", problem=problems[0], count=more)
    if data.state is DataState.FETCHING:
        return tr("The data is still being downloaded.")
    if data.state is DataState.MISSING and data.fault is not None:
        return data.fault.what
    found = fit_of(plan.design, data.facts)
    if found is not None and not found.fits:
        return tr("Design and data do not fit: {differences}.", differences="; ".join(found.differences))
    return ""
