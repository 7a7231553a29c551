"""What a run's settings demand where several processes share its batches: judged by the smallest share, refused in words."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from resnet_studio.analysis.plan import Plan
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import HeadPool
from resnet_studio.engine.build import build, sound_plan
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.mixing import Mixed
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.training import meeting
from resnet_studio.engine.training.demands import check_deterministic, check_world, least_part
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.optimizer import make_optimizer
from resnet_studio.engine.training.state import State
from resnet_studio.engine.training.world import World
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import tiny_design, tiny_spec

DATA, CPU = open_data("digits"), torch.device("cpu")
# One pixel before the last norm: two images at the least.
PIXEL, WIDE = sound_plan(tiny_design(size=2)), sound_plan(tiny_design())


def _parts(batch: int, parts: int, world: World) -> list[int]:
    own = world.mine(torch.arange(batch))
    return [len(part.labels) for part in Mixed(own, own, own, 1.0).split(parts)]


def _least(batch: int, parts: int, size: int, *, pixel: bool, sync_norms: bool = False) -> int:
    spec = tiny_spec(batch_size=batch, parts=parts, sync_norms=sync_norms)
    feeder = Feeder(DATA, spec, tiny_design().input, CPU)
    return least_part(PIXEL if pixel else WIDE, feeder, spec, World(size=size))


@given(batch=st.integers(1, 40), parts=st.integers(1, 9), size=st.integers(1, 6), pixel=st.booleans())
def test_what_is_taken_gives_every_process_as_many_passes_of_enough_images(
    batch: int, parts: int, size: int, pixel: bool
) -> None:
    every = (
        [_parts(batch, parts, World(rank=rank, size=size)) for rank in range(size)] if batch >= size else []
    )
    sound = bool(every) and {len(one) for one in every} == {parts}
    sound = sound and min(min(one) for one in every) >= (2 if pixel else 1)
    try:
        assert _least(batch, parts, size, pixel=pixel) == (2 if pixel else 1)
        taken = True
    except StudioError:
        taken = False
    assert taken == sound


@pytest.mark.parametrize(
    ("settings", "pixel", "what", "remedy"),
    [
        ((2, 1, 2), True, "leaves one of 2 processes one image", "Take a batch of 4 or more."),
        ((8, 4, 2), True, "in 4 parts on 2 processes leaves one image", "Take 2 parts or fewer, or a batch of 16 or more."),
        ((7, 4, 2), False, "cannot be taken in 4 parts by each", "Take 3 parts or fewer, or a batch of 8 or more."),
        ((8, 8, 1), True, "in 8 parts leaves one image", "Take 4 parts or fewer, or a batch of 16 or more."),
        ((4, 8, 1), False, "cannot be taken in 8 parts", "Take 4 parts or fewer, or a batch of 8 or more."),
    ],
)  # fmt: skip
def test_the_words_say_what_to_change(
    settings: tuple[int, int, int], pixel: bool, what: str, remedy: str
) -> None:
    with pytest.raises(StudioError) as refused:
        _least(*settings, pixel=pixel)
    assert what in refused.value.what
    assert refused.value.remedy == remedy


def test_norms_that_are_synchronised_see_the_images_of_all() -> None:
    assert _least(2, 1, 2, pixel=True, sync_norms=True) == 1
    # Which torch's own leave to the sum over the processes.
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        nn.BatchNorm2d(1)(torch.ones(1, 1, 1, 1))


IN_STEM = "Stem (maxpool): Take the max-pool out of the stem"
IN_HEAD = "Head (avgpool): Choose average pooling in the head"


def _pooled(*, stem: bool, head: HeadPool) -> Plan:
    design = tiny_design()
    assert design.head is not None
    return sound_plan(
        replace(design, stem=replace(design.stem, pool=stem), head=replace(design.head, pool=head))
    )


@pytest.mark.parametrize(
    ("stem", "head", "refused"),
    [
        (False, HeadPool.AVG, {}),
        (True, HeadPool.AVG, {"mps": IN_STEM}),
        (False, HeadPool.MAX, {"cuda:1": IN_HEAD, "mps": IN_HEAD}),
        (True, HeadPool.MAX, {"cuda:1": IN_HEAD, "mps": IN_STEM}),
    ],
)
def test_max_pooling_is_refused_where_it_has_no_deterministic_way(
    stem: bool, head: HeadPool, refused: dict[str, str]
) -> None:
    plan = _pooled(stem=stem, head=head)
    found = {}
    for device in ("cpu", "cuda:1", "mps"):
        check_deterministic(plan, tiny_spec(), torch.device(device))
        try:
            check_deterministic(plan, tiny_spec(deterministic=True), torch.device(device))
        except StudioError as error:
            found[device] = f"{error.what.partition(':')[0]}: {error.remedy.partition(',')[0]}"
    assert found == refused


def test_recorded_graphs_are_refused_where_several_train() -> None:
    spec = tiny_spec(compile="reduce-overhead")
    feeder = Feeder(DATA, spec, tiny_design().input, CPU)
    check_world(feeder, World(size=1))
    with pytest.raises(StudioError, match="cannot yet record CUDA graphs of a network that several"):
        check_world(feeder, World(size=2))


@pytest.mark.parametrize(("size", "parts"), [(1, 8), (2, 4), (4, 2)])
def test_parts_that_were_found_with_fewer_processes_leave_enough_images_with_more(
    tmp_path: Path, size: int, parts: int
) -> None:
    spec = tiny_spec(batch_size=16, fit_memory=True)
    feeder = Feeder(DATA, spec, tiny_design().input, CPU)
    network = build(tiny_design())
    state = State(network, make_optimizer(network, spec), torch.amp.GradScaler("cpu", enabled=False))
    state.progress.parts = 8
    job = Job(RunFolder(tmp_path), spec, feeder, CPU, state, {}, world=World(size=size), least_part=2)
    assert job.parts == parts


def test_a_torch_without_distributed_training_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    # It lacks these modules; everything else of ours must load without them.
    for name in ("distributed_c10d", "rendezvous"):
        monkeypatch.setitem(sys.modules, f"torch.distributed.{name}", None)
    spec = importlib.util.find_spec(meeting.__name__)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, meeting.__name__, made)
    spec.loader.exec_module(made)
    assert made.join().alone
    monkeypatch.setattr(torch.distributed, "is_available", lambda: False)
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(StudioError, match="built without distributed"):
        made.join()
