"""torchinfo as the source that confirms: it agrees, it is asked once for each distinct block, and it harms nobody."""

import gc
import weakref
from dataclasses import replace

import pytest
import torch
import torchinfo
from hypothesis import given, settings

from resnet_studio.analysis.layers import WITHOUT_MODULE
from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import ShortcutKind
from resnet_studio.engine import confirm as room
from resnet_studio.engine.build import ProblemsError, build
from resnet_studio.engine.confirm import confirm, full_summary
from tests.engine.drawings import designs

DEEP = "cifar_resnet1202"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that torchinfo was asked about, starting with an empty memo."""
    for memo in (room._ask_block, room._ask_stem, room._ask_head):
        memo.cache_clear()
    calls: list[str] = []
    real = torchinfo.summary

    def counting(module, **settings):
        calls.append(type(module).__name__)
        return real(module, **settings)

    monkeypatch.setattr(torchinfo, "summary", counting)
    return calls


@pytest.mark.parametrize("name", [n for n in PRESETS if n != DEEP])
def test_torchinfo_agrees_with_every_preset(name: str) -> None:
    plan = analyse(preset(name))
    told = confirm(plan)
    assert told.agrees
    assert told.differences == ()
    assert (told.params, told.macs) == (plan.totals.params, plan.totals.torchinfo_macs)
    assert [row.name for row in told.rows] == [
        name for name, layer, _ in plan.layers() if layer.kind not in WITHOUT_MODULE
    ]


@pytest.mark.parametrize("name", ["digits_starter", "cifar_resnet20", "resnet18"])
def test_the_memoised_answer_is_the_whole_summarys(name: str) -> None:
    assert set(confirm(preset(name)).rows) == set(full_summary(preset(name)).rows)
    assert full_summary(preset(name)).agrees


def test_torchinfos_own_totals_for_the_users_network_are_the_same() -> None:
    told = torchinfo.summary(build(preset("cifar_resnet20")), input_size=(1, 3, 32, 32), verbose=0)
    ours = confirm(preset("cifar_resnet20"))
    assert (ours.params, ours.macs) == (told.total_params, told.total_mult_adds)


@settings(max_examples=settings().max_examples // 4)
@given(design=designs())
def test_torchinfo_agrees_with_random_drawings(design) -> None:
    plan = analyse(design)
    told = confirm(plan)
    assert told.differences == ()
    assert (told.params, told.macs) == (plan.totals.params, plan.totals.torchinfo_macs)
    assert full_summary(plan).differences == ()


def test_each_distinct_block_is_asked_about_once(asked: list[str]) -> None:
    confirm(preset("resnet50"))
    assert len(asked) == 2 + 8  # stem, head, and in each stage a first block and its followers
    confirm(preset("resnet50"))
    assert len(asked) == 10


def test_an_edit_asks_about_what_it_changed_alone(asked: list[str]) -> None:
    design = preset("resnet50")
    confirm(design)
    del asked[:]
    block = design.stages[2].blocks[3]
    confirm(edits.replace_spec(design, block_id=block.id, spec=replace(block.spec, width=96)))
    assert asked == ["Block"]


def test_a_deep_network_needs_few_questions(asked: list[str]) -> None:
    told = confirm(preset(DEEP))
    assert told.agrees
    assert told.params == 19_421_274
    assert len(asked) == 7


def test_bad_units_are_skipped_and_the_rest_is_confirmed() -> None:
    design = preset("resnet18")
    first = design.stages[1].blocks[0]
    broken = edits.replace_spec(
        design, block_id=first.id, spec=replace(first.spec, shortcut=ShortcutKind.IDENTITY)
    )
    told = confirm(broken)
    assert told.agrees
    assert told.skipped == (first.id,)
    assert "1 unit cannot be built" in told.text
    assert not any(row.name.startswith("layer2.0.") for row in told.rows)
    assert any(row.name.startswith("layer2.1.") for row in told.rows)
    whole = confirm(design)
    lost = sum(row.params for row in whole.rows if row.name.startswith("layer2.0."))
    assert told.params == whole.params - lost
    with pytest.raises(ProblemsError):
        full_summary(broken)


def test_a_wrong_plan_is_contradicted_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for memo in (room._ask_block, room._ask_stem, room._ask_head):
        memo.cache_clear()
    real = room.block_part

    def lying(spec, shape):
        part = real(spec, shape)
        return replace(part, body=(replace(part.body[0], params=1), *part.body[1:]))

    monkeypatch.setattr(room, "block_part", lying)
    told = confirm(preset("digits_starter"))
    monkeypatch.undo()
    room._ask_block.cache_clear()
    assert not told.agrees
    assert "layer1.0.conv1: counted parameters 1, torchinfo 9216" in told.differences
    assert told.text.startswith("torchinfo differs in")


def test_the_random_state_and_the_gradient_mode_stay_as_they_are(asked: list[str]) -> None:
    before = torch.get_rng_state()
    confirm(preset("resnet18"))
    assert asked
    assert torch.equal(before, torch.get_rng_state())
    assert torch.is_grad_enabled()


def test_torchinfo_keeps_no_module_alive(monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    kept: list[weakref.ref] = []
    counting = torchinfo.summary

    def remembering(module, **settings):
        kept.append(weakref.ref(module))
        return counting(module, **settings)

    monkeypatch.setattr(torchinfo, "summary", remembering)
    confirm(preset("digits_starter"))
    gc.collect()
    assert kept
    assert [ref() for ref in kept] == [None] * len(kept)


def test_a_huge_image_needs_no_memory() -> None:
    design = preset("resnet18")
    huge = replace(design, input=replace(design.input, height=4096, width=4096))
    assert confirm(huge).agrees
