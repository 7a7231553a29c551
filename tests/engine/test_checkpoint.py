"""Checkpoints on the disk: which are kept, which are swept away, and what of a stranger is never loaded."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.exporting import export
from resnet_studio.engine.training import checkpoint
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import new_run


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return new_run(tmp_path)


def kept(run: RunFolder) -> list[str]:
    return sorted(path.name for path in run.checkpoints.iterdir())


def plant(run: RunFolder, data: bytes, name: str = "best-000000001-00001.pt") -> None:
    """A checkpoint with a right sum, as a stranger would hand it over."""
    path = run.checkpoints / name
    path.write_bytes(data)
    path.with_suffix(".sha256").write_text(hashlib.sha256(data).hexdigest())


def saved(value: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def test_the_last_two_and_the_best_are_kept(run: RunFolder) -> None:
    for step in (1, 2, 3):
        checkpoint.save(run, "last", {}, step=step, epochs=step)
        checkpoint.save(run, "best", {}, step=step, epochs=step)
    pairs = ["best-000000003-00003", "last-000000002-00002", "last-000000003-00003"]
    assert kept(run) == [f"{name}.{ending}" for name in pairs for ending in ("pt", "sha256")]


def test_a_damaged_one_that_is_newer_takes_no_place_of_a_sound_one(run: RunFolder) -> None:
    """A resume from before the damage writes smaller numbers: they must not go as if they were old."""
    for kind in checkpoint.KINDS:
        (run.checkpoints / f"{kind}-000000099-00009.pt").write_bytes(b"torn")
        for step in (1, 2):
            checkpoint.save(run, kind, {"step": step}, step=step, epochs=step)
        found = checkpoint.newest(run, kind)
        assert found is not None
        assert found.contents["step"] == 2
    assert not checkpoint.damaged(run)


def test_only_its_own_leftovers_are_swept_away(run: RunFolder) -> None:
    """The folder of checkpoints may be a link to one with other files."""
    others = ["debian.iso.sha256", ".letter.txt.0badf00d.tmp"]
    own = ["last-000000001-00001.sha256", ".best-000000001-00001.pt.0badf00d.tmp"]
    for name in others + own:
        (run.checkpoints / name).write_text("x")
    checkpoint.clear_leftovers(run)
    assert kept(run) == sorted(others)


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(10_000_000))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", bomb(), saved([1]), saved({"format": 1}), saved({"format": 1, "model": [], "about": {}})],
)
def test_what_is_no_checkpoint_is_named(run: RunFolder, data: bytes) -> None:
    plant(run, data)
    with pytest.raises(StudioError, match="best-000000001-00001"):
        checkpoint.load_weights(run.path, "best")


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"input": 3, "design": "", "classes": [], "metrics": {}, "torch": ""},
        {"input": {"mean": [0.5], "std": [0.5]}, "design": "{}", "classes": None, "metrics": {}, "torch": ""},
    ],
)
def test_a_checkpoint_without_what_an_export_needs_is_named(
    run: RunFolder, tmp_path: Path, about: dict[str, Any]
) -> None:
    plant(run, saved({"format": 1, "model": {"conv1.weight": torch.zeros(1)}, "about": about}))
    with pytest.raises(StudioError):
        export.export_run(run.path, tmp_path / "out.pt")
    assert not (tmp_path / "out.pt").exists()
