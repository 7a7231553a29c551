"""Memory that runs out in one of two processes that share a batch: both take it in parts, and the run is the one that had them set."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.demands import check_world
from resnet_studio.engine.training.world import World
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Failed, Finished, Split
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import assert_same_end, curves, dropping_design, tiny_design, tiny_spec

DEADLINE_SECONDS = 180
ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("split_together.py")
ENOUGH, NONE = 10**6, 0


def _new(parent: Path, name: str, **settings: Any) -> RunFolder:
    return RunFolder.create_at(parent / name, dropping_design(), tiny_spec(epochs=1, **settings))


def _train_by_two(*runs: tuple[RunFolder, int, int]) -> None:
    words = [str(word) for run, room, after in runs for word in (run.path, room, after)]
    ended = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(SCRIPT), *words],
        env=child_environment() | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunFolder]:
    """The runs, trained by the same two processes one after another."""
    place = tmp_path_factory.mktemp("runs")
    runs = {
        "late": (_new(place, "late", fit_memory=True), 16, 2),
        "found": (_new(place, "found", fit_memory=True, averaging=0.9), 16, 0),
        "set": (_new(place, "set", fit_memory=True, averaging=0.9, parts=4), ENOUGH, 0),
        "joined": (_new(place, "joined", averaging=0.9, parts=4, repeats=2), ENOUGH, 0),
        "telling": (_new(place, "telling", averaging=0.9, parts=4, repeats=2), ENOUGH, 0),
        "fitting": (_new(place, "fitting", fit_memory=True, averaging=0.9, parts=4, repeats=2), ENOUGH, 0),
        "too much": (_new(place, "too much", fit_memory=True), NONE, 2),
    }
    _train_by_two(*runs.values())
    return {name: run for name, (run, _, _) in runs.items()}


def test_both_take_the_parts_that_one_of_them_needs(ended: dict[str, RunFolder]) -> None:
    said = ended["late"].events()
    assert isinstance(said[-1], Finished)
    # Half of a batch of 128 in each process; two steps went well.
    splits = [event for event in said if isinstance(event, Split)]
    assert [(event.step, event.parts, event.images) for event in splits] == [(2, 2, 32), (2, 4, 16)]


def test_it_ends_bit_for_bit_like_a_run_of_both_with_these_parts_set(ended: dict[str, RunFolder]) -> None:
    for name, parts in (("found", 4), ("set", 0)):
        last = checkpoint.newest(ended[name], "last")
        assert last is not None
        progress = last.contents["progress"]
        assert progress["parts"] == parts
        # What the one found and the other was told is the only difference that may be.
        progress["parts"] = 0
        checkpoint.save(
            ended[name], "last", last.contents, step=progress["step"], epochs=progress["epochs_done"]
        )
    assert_same_end(ended["found"], ended["set"])


def test_while_it_fits_it_is_the_run_without_the_setting(ended: dict[str, RunFolder]) -> None:
    """Gradients summed by ourselves are those that torch's joined network sums."""
    for one, other in zip(curves(ended["joined"]), curves(ended["fitting"]), strict=True):
        for name, value in one.items():
            assert other[name] == pytest.approx(value, rel=1e-3, abs=1e-3), (name, one, other)


def test_statistics_of_norms_need_not_be_told_before_each_pass(ended: dict[str, RunFolder]) -> None:
    assert_same_end(ended["joined"], ended["telling"])


def test_where_one_image_is_too_much_the_run_ends_in_words_though_another_process_ran_out(
    ended: dict[str, RunFolder],
) -> None:
    last = ended["too much"].events()[-1]
    assert isinstance(last, Failed)
    assert "Memory ran out" in last.what


def test_norms_that_are_synchronised_are_refused_beside_it() -> None:
    spec = tiny_spec(fit_memory=True, sync_norms=True)
    feeder = Feeder(open_data("digits"), spec, tiny_design().input, torch.device("cpu"))
    check_world(feeder, World(size=1))
    with pytest.raises(StudioError, match="Memory cannot be fitted where norms are synchronised"):
        check_world(feeder, World(size=2))
