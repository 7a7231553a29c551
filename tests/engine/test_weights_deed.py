"""The report after weights were put in: read off the network, and compared with what had been foretold."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.build import build
from resnet_studio.engine.exporting.export import export
from resnet_studio.engine.training.beginning import begin
from resnet_studio.engine.weights.carry import Report, Way, carry, compare
from resnet_studio.engine.weights.deed import NOT_PUT_IN, witnessed
from resnet_studio.runs.brought import brought_path, read_brought
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from tests.engine.train_helpers import tiny_design, tiny_spec

torch.set_num_threads(1)


def inserted(design: Design) -> Design:
    return edits.insert_spec(design, 1, 1, edits.as_follower(design.stages[1].blocks[0].spec))[0]


def narrowed(design: Design) -> Design:
    return edits.change_blocks(design, {design.stages[1].blocks[0].id}, width=4)


def other_classes(design: Design) -> Design:
    assert design.head is not None
    return edits.set_head(design, head=replace(design.head, classes=3))


def grey(design: Design) -> Design:
    return replace(design, input=replace(design.input, channels=1))


CHANGES = {"same": lambda design: design, "inserted": inserted, "narrowed": narrowed, "classes": other_classes,
           "grey": grey}  # fmt: skip


def colour() -> Design:
    design = tiny_design()
    return replace(design, input=replace(design.input, channels=3))


def numbers(design: Design) -> dict[str, Tensor]:
    """Weights of its own in every tensor: nothing fresh looks like them."""
    torch.manual_seed(7)
    state = build(design).state_dict()
    for tensor in state.values():
        tensor.copy_(torch.randn(tensor.shape) + 2 if tensor.is_floating_point() else torch.tensor(5))
    return state


def foretold_and_seen(target: Design, *, slices: bool = False, lost: str = "") -> tuple[Report, Report]:
    """The forecast from names and shapes, and what stands in the network when all but `lost` was loaded."""
    state = numbers(colour())
    shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    torch.manual_seed(0)
    network = build(target)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    made, _ = carry(colour(), target, state, fresh=before, slices=slices)
    network.load_state_dict({name: made[name] for name in made if name != lost}, strict=not lost)
    forecast = compare(colour(), target, shapes, slices=slices)
    return forecast, witnessed(forecast, network.state_dict(), state=state, before=before)


@pytest.mark.parametrize("slices", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_done_is_what_was_foretold(change: str, *, slices: bool) -> None:
    forecast, seen = foretold_and_seen(CHANGES[change](colour()), slices=slices)
    assert seen == forecast
    ways = {way for way in Way if seen.count(way)}
    expected = {
        "same": {Way.CARRIED},
        "inserted": {Way.CARRIED, Way.FRESH},
        "classes": {Way.CARRIED, Way.FRESH},
    }
    cut = {Way.CARRIED, Way.SLICED} if slices else {Way.CARRIED, Way.FRESH}
    assert ways == expected.get(change, cut)


def test_the_report_after_tells_what_did_not_arrive_whatever_was_foretold() -> None:
    forecast, seen = foretold_and_seen(colour(), lost="conv1.weight")
    assert forecast.count(Way.FRESH) == 0
    assert [(fate.name, fate.reason) for fate in seen.fates() if fate.way is Way.FRESH] == [
        ("conv1.weight", NOT_PUT_IN)
    ]
    assert seen.unused == ("conv1.weight",)
    assert seen.numbers - seen.kept == 4 * 3 * 3 * 3


def test_numbers_that_are_neither_the_files_nor_the_networks_own_are_a_bug() -> None:
    state = numbers(colour())
    network = build(colour())
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    forecast = compare(colour(), colour(), {name: tuple(tensor.shape) for name, tensor in state.items()})
    network.load_state_dict(state)
    with torch.no_grad():
        network.state_dict()["fc.bias"][0] += 1
    with pytest.raises(AssertionError, match=r"fc\.bias"):
        witnessed(forecast, network.state_dict(), state=state, before=before)


def test_a_run_keeps_the_report_and_an_export_hands_it_out(tmp_path: Path) -> None:
    torch.save(numbers(colour()), tmp_path / "w.pt")
    target = inserted(colour())
    initial = Initial(source=str(tmp_path / "w.pt"), origin=colour())
    run = RunFolder.create(target, tiny_spec(), tmp_path / "runs", initial=initial)
    assert read_brought(run) is None
    plan = analyse(target)
    said = begin(run, plan, build(plan), about={}, cancelled=lambda: False)
    kept = read_brought(run)
    assert kept is not None
    forecast, _ = foretold_and_seen(target)
    assert said[0].endswith(f": {forecast.text}.")
    assert [(unit["id"], unit["carried"], unit["sliced"], unit["fresh"]) for unit in kept["units"]] == [
        (unit.id, *(unit.count(way) for way in Way)) for unit in forecast.units
    ]
    assert export(target, tmp_path / "o.pt", initial=initial)["brought"] == kept


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"title": 3}', "\ud800", "[" * 100_000])
def test_a_damaged_report_is_refused(text: str, tmp_path: Path) -> None:
    run = RunFolder.create(tiny_design(), tiny_spec(), tmp_path)
    brought_path(run).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(StudioError, match=r"weights\.json"):
        read_brought(run)
