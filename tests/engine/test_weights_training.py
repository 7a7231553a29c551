"""A run that begins with weights from elsewhere: exact over a resume, and independent of their source."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from resnet_studio.design import edits
from resnet_studio.design.types import Design
from resnet_studio.engine.build import build
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.beginning import begin
from resnet_studio.engine.training.command import run_training
from resnet_studio.engine.weights.starting import survey
from resnet_studio.runs.events import Failed, Notice
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from tests.engine.train_helpers import assert_same_end, tiny_design, tiny_spec, train_here

torch.set_num_threads(1)


def saved(path: Path, design: Design) -> dict[str, Tensor]:
    torch.manual_seed(7)
    state = build(design).state_dict()
    torch.save(state, path)
    return state


def edited() -> tuple[Design, str]:
    """Tiny with a block more at the end of its second stage."""
    base = tiny_design()
    return edits.insert_spec(base, 1, 1, edits.as_follower(base.stages[1].blocks[0].spec))


def run_with(parent: Path, source: Path, design: Design) -> RunFolder:
    initial = Initial(source=str(source), origin=tiny_design())
    return RunFolder.create(design, tiny_spec(), parent, initial=initial)


def initial_of(run: RunFolder) -> dict[str, Tensor]:
    found = checkpoint.newest(run, "initial")
    assert found is not None
    model: dict[str, Tensor] = found.contents["model"]
    return model


def test_a_run_begins_with_them_says_so_and_keeps_them(tmp_path: Path) -> None:
    state = saved(tmp_path / "w.pt", tiny_design())
    design, new = edited()
    run = run_with(tmp_path, tmp_path / "w.pt", design)
    said = train_here(run, stop_after=1)
    notices = [event.text for event in said if isinstance(event, Notice)]
    found = survey(Initial(source=str(tmp_path / "w.pt"), origin=tiny_design()), design)
    assert found.text in notices
    kept = initial_of(run)
    assert all(torch.equal(kept[name], state[name]) for name in state)
    assert {name for name in kept if name not in state} == {n for n in kept if n.startswith("layer2.1.")}
    torch.manual_seed(tiny_spec().seed)
    fresh = build(design).state_dict()
    assert torch.equal(kept["layer2.1.conv1.weight"], fresh["layer2.1.conv1.weight"])
    assert new


def test_a_resume_is_exact_and_needs_the_source_no_more(tmp_path: Path) -> None:
    saved(tmp_path / "w.pt", tiny_design())
    design, _ = edited()
    whole = run_with(tmp_path / "a", tmp_path / "w.pt", design)
    cut = run_with(tmp_path / "b", tmp_path / "w.pt", design)
    train_here(whole)
    train_here(cut, stop_after=4)
    (tmp_path / "w.pt").unlink()
    train_here(cut)
    assert_same_end(whole, cut)


def test_a_kill_before_the_first_checkpoint_needs_the_source_no_more(tmp_path: Path) -> None:
    saved(tmp_path / "w.pt", tiny_design())
    whole = run_with(tmp_path / "a", tmp_path / "w.pt", tiny_design())
    train_here(whole)
    cut = run_with(tmp_path / "b", tmp_path / "w.pt", tiny_design())
    plan = survey(Initial(source=str(tmp_path / "w.pt")), tiny_design())
    assert plan.report.kept
    # What a kill right after the beginning leaves: the initial weights and no other checkpoint.
    for path in whole.checkpoints.glob("initial-*"):
        (cut.checkpoints / path.name).write_bytes(path.read_bytes())
    (tmp_path / "w.pt").unlink()
    train_here(cut)
    assert_same_end(whole, cut)


def test_a_source_that_is_gone_at_the_start_fails_with_words(tmp_path: Path) -> None:
    run = run_with(tmp_path, tmp_path / "gone.pt", tiny_design())
    last = run_training(run, lambda _: None, lambda: "")
    assert isinstance(last, Failed)
    assert "gone.pt" in last.what


def test_a_stop_while_they_are_read_is_told_as_that(tmp_path: Path) -> None:
    saved(tmp_path / "w.pt", tiny_design())
    run = run_with(tmp_path, tmp_path / "w.pt", tiny_design())
    last = run_training(run, lambda _: None, lambda: "asked")
    assert isinstance(last, Failed)
    assert last.what == "Stopped while the initial weights were read."
    assert checkpoint.newest(run, "initial") is None


def test_fresh_runs_keep_no_initial_checkpoint(tmp_path: Path) -> None:
    run = RunFolder.create(tiny_design(), tiny_spec(), tmp_path)
    train_here(run, stop_after=1)
    assert checkpoint.newest(run, "initial") is None


def test_initial_weights_of_another_design_are_refused(tmp_path: Path) -> None:
    from resnet_studio.analysis.plan import analyse
    from resnet_studio.design.errors import StudioError

    saved(tmp_path / "w.pt", tiny_design())
    run = run_with(tmp_path, tmp_path / "w.pt", tiny_design())
    plan = analyse(tiny_design())
    begin(run, plan, build(plan), about={}, cancelled=lambda: False)
    other = analyse(tiny_design(classes=3))
    with pytest.raises(StudioError, match="does not belong"):
        begin(run, other, build(other), about={}, cancelled=lambda: False)


def test_a_runs_own_checkpoint_is_a_file_of_weights_with_its_design(tmp_path: Path) -> None:
    run = RunFolder.create(tiny_design(), tiny_spec(), tmp_path)
    train_here(run)
    best = checkpoint.newest(run, "best")
    assert best is not None
    found = survey(Initial(source=str(best.path)), tiny_design())
    assert found.origin.how == "its design lies in the file"
    assert found.report.kept == found.report.numbers
