"""What the engine answers to each request: arguments checked, the work called, the result as plain JSON values."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine import confirm, diagram
from resnet_studio.engine.serving import weights_answers
from resnet_studio.engine.serving.channel import Conversation
from resnet_studio.runs import wire
from resnet_studio.runs.evaluation import evaluation_to
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import initial_from
from resnet_studio.runs.results import Device, RatesTried, RateTried, Ready
from resnet_studio.runs.spec import spec_from
from resnet_studio.runs.survey import survey_to

Value = Mapping[str, Any] | list[Any]


def answer(talk: Conversation) -> Value:
    """The result of one request.

    Raises:
        StudioError: the request is not known, its arguments are wrong, or the world is.
    """
    handler = _HANDLERS.get(talk.request.do)
    if handler is None:
        raise StudioError(f"The engine does not know {talk.request.do[:60]!r}.", "Restart the program.")
    return handler(talk)


@lru_cache(maxsize=1)
def ready() -> Ready:
    """The engine's first words."""
    import torch

    from resnet_studio.engine.device import list_devices

    devices: list[Device] = [{"name": info.name, "label": info.label} for info in list_devices()]
    return {"ready": True, "torch": str(torch.__version__), "devices": devices}


def warm_up() -> None:
    """Do the first of everything once: what a library prepares on its first call takes longer than its work."""
    from resnet_studio.design.presets import preset

    small = preset("digits_starter")
    confirm.confirm(small)
    diagram.draw(small)


def _hello(_talk: Conversation) -> Value:
    return dict(ready())


def _confirm(talk: Conversation) -> Value:
    return dict(confirm.confirm(_design(talk)).to_wire())


def _verify(talk: Conversation) -> Value:
    from resnet_studio.design.presets import preset
    from resnet_studio.engine.count import count

    told = count(preset(_text(talk, "network")))
    return {"params": told.params, "macs": told.macs}


def _diagram(talk: Conversation) -> Value:
    return dict(diagram.draw(_design(talk), _look(talk)))


def _render(talk: Conversation) -> Value:
    path = Path(_text(talk, "path"))
    notes = diagram.render(_design(talk), path, look=_look(talk), format=_optional(talk, "format"))
    return {"path": str(path), "notes": notes}


def _export(talk: Conversation) -> Value:
    from resnet_studio.engine.exporting import export

    run, weights = _optional(talk, "run"), _optional(talk, "weights")
    target = Path(_text(talk, "path"))
    state_dict = bool(talk.request.args.get("state_dict", False))
    form = _optional(talk, "format")
    if run is not None and weights != "fresh":
        which = weights or "best"
        receipt = export.export_run(
            Path(run), target, which=which, format=form, state_dict=state_dict, progress=talk.progress
        )
    else:
        design = _design(talk) if run is None else RunFolder.open(Path(run)).design()
        # Weights from elsewhere, where the window names some.
        initial = weights_answers.initial_in(talk.request.args) if "source" in talk.request.args else None
        receipt = export.export(
            design, target, format=form, state_dict=state_dict, initial=initial, progress=talk.progress
        )
    return dict(receipt)


def _datasets(_talk: Conversation) -> Value:
    from resnet_studio.engine.data import opening

    return {"datasets": opening.describe()}


def _probe_data(talk: Conversation) -> Value:
    from resnet_studio.engine.data import opening

    return asdict(opening.probe(_text(talk, "data"), _root(talk)))


def _survey_data(talk: Conversation) -> Value:
    from resnet_studio.engine.data.survey import survey

    anew = bool(talk.request.args.get("anew", False))
    name, cancelled = _text(talk, "data"), talk.cancelled.is_set
    return survey_to(survey(name, _root(talk), progress=talk.progress, cancelled=cancelled, anew=anew))


def _memory(talk: Conversation) -> Value:
    from resnet_studio.engine.free_memory import memory_of

    return dict(memory_of(_text(talk, "device")))


def _download(talk: Conversation) -> Value:
    from resnet_studio.engine.data import opening

    opening.download(_text(talk, "data"), _root(talk), talk.progress, talk.cancelled.is_set)
    return {"data": _text(talk, "data")}


def _evaluate(talk: Conversation) -> Value:
    from resnet_studio.engine.training.evaluate import evaluate

    run = RunFolder.open(Path(_text(talk, "run")))
    which = _optional(talk, "weights") or "best"
    with _borrowed():
        # No loader processes: they would be copies of this one, with all its threads.
        found = evaluate(run, which=which, workers=0, progress=talk.progress, cancelled=talk.cancelled.is_set)
    return evaluation_to(found)


def _rates(talk: Conversation) -> Value:
    from resnet_studio.engine.training.rates import HIGHEST, Point, range_test

    latest: list[RateTried] = []

    def keep(point: Point) -> None:
        latest[:] = [{"rate": point.rate, "loss": point.loss, "highest": HIGHEST}]

    def tell(done: int, total: int, text: str) -> None:
        # The curve grows in the window while it is tried.
        talk.progress(done, total, text, dict(latest[0]))

    # Nor here.
    spec = replace(spec_from(talk.request.args.get("spec")), workers=0)
    told = talk.request.args.get("initial")
    initial = None if told is None else initial_from(told)
    with _borrowed():
        found = range_test(
            _design(talk), spec, initial=initial, progress=tell, seen=keep, cancelled=talk.cancelled.is_set
        )
    tried: RatesTried = {
        "points": [(point.rate, point.loss) for point in found.points],
        "suggestion": found.suggestion,
    }
    return dict(tried)


@contextmanager
def _borrowed() -> Generator[None, None, None]:
    """Whoever trains next shall find the cards' memory free: this process lives as long as the window."""
    from resnet_studio.engine.device import give_back

    try:
        yield
    except BaseException as error:
        # What was cancelled would keep its network for as long as anybody holds the error.
        traceback.clear_frames(error.__traceback__)
        raise
    finally:
        # A network and its gradients refer to each other; nothing else would take them apart soon.
        gc.collect()
        give_back()


_HANDLERS: dict[str, Callable[[Conversation], Value]] = {
    wire.HELLO: _hello,
    wire.CONFIRM: _confirm,
    wire.DIAGRAM: _diagram,
    wire.VERIFY: _verify,
    wire.RENDER: _render,
    wire.EXPORT: _export,
    wire.DATASETS: _datasets,
    wire.PROBE_DATA: _probe_data,
    wire.SURVEY_DATA: _survey_data,
    wire.MEMORY: _memory,
    wire.DOWNLOAD: _download,
    wire.PRETRAINED: weights_answers.pretrained,
    wire.LOOK_WEIGHTS: weights_answers.look_weights,
    wire.EVALUATE: _evaluate,
    wire.RATES: _rates,
}


# --- arguments --------------------------------------------------------------------------------------------------------


def _text(talk: Conversation, name: str) -> str:
    value = talk.request.args.get(name)
    if not isinstance(value, str) or not value:
        raise StudioError(f"The request {talk.request.do!r} needs a text as {name!r}.")
    return value


def _optional(talk: Conversation, name: str) -> str | None:
    return None if talk.request.args.get(name) is None else _text(talk, name)


def _root(talk: Conversation) -> Path | None:
    root = _optional(talk, "root")
    return None if root is None else Path(root)


def _design(talk: Conversation) -> Design:
    return files.loads(_text(talk, "design"))


def _look(talk: Conversation) -> diagram.Look:
    args = talk.request.args
    return diagram.Look(
        detail=_optional(talk, "detail") or "blocks",
        fold=bool(args.get("fold", True)),
        theme=_optional(talk, "theme") or "light",
        direction=_optional(talk, "direction") or "LR",
        font=_optional(talk, "font") or diagram.FONT,
    )
