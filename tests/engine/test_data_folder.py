"""Folders of images: what is broken is named before epoch 1, and training is exact with any number of loader processes."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import InputSpec
from resnet_studio.engine.data import folder
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.opening import open_data
from resnet_studio.runs.events import Failed, Finished, Notice
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import assert_same_end, tiny_design, tiny_spec, train_here

CPU = torch.device("cpu")


def save(path: Path, seed: int = 0, *, mode: str = "RGB", size: tuple[int, int] = (20, 14)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (size[1], size[0], 3) if mode == "RGB" else (size[1], size[0])
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)).save(path)
    return path


def fill(
    root: Path, *, classes: tuple[str, ...] = ("cat", "dog"), count: int = 10, suffix: str = "png"
) -> Path:
    for c, name in enumerate(classes):
        for index in range(count):
            save(root / name / f"{index:03}.{suffix}", c * 1000 + index)
    return root


def test_one_folder_per_class_is_split_by_every_fifth(tmp_path: Path) -> None:
    found = open_data("folder", fill(tmp_path))
    assert found.classes == ("cat", "dog")
    assert (len(found.train), len(found.val)) == (16, 4)
    assert found.shape == (3, 14, 20)
    assert found.notices == ()
    assert [Path(found.val.name_of(index)).name for index in range(4)] == ["004.png", "009.png"] * 2


def test_folders_called_train_and_val_are_the_splits(tmp_path: Path) -> None:
    fill(tmp_path / "train", count=6)
    fill(tmp_path / "val", count=2)
    found = open_data("folder", tmp_path)
    assert (len(found.train), len(found.val), found.classes) == (12, 4, ("cat", "dog"))


def test_grey_images_make_a_grey_set(tmp_path: Path) -> None:
    for name in ("a", "b"):
        for index in range(5):
            save(tmp_path / name / f"{index}.png", mode="L")
    assert open_data("folder", tmp_path).shape == (1, 14, 20)


@pytest.mark.parametrize("suffix", ["png", "tiff", "pgm"])
def test_grey_images_of_16_bits_keep_their_shades(tmp_path: Path, suffix: str) -> None:
    ramp = np.arange(256, dtype=np.uint16).reshape(16, 16)
    for name in ("a", "b"):
        for index in range(5):
            path = tmp_path / name / f"{index}.{suffix}"
            path.parent.mkdir(exist_ok=True)
            if suffix == "pgm":
                path.write_bytes(b"P5 16 16 65535\n" + (ramp * 257).astype(">u2").tobytes())
            else:
                Image.fromarray(ramp * 257).save(path)
    found = open_data("folder", tmp_path)
    assert found.shape == (1, 16, 16)
    feeder = Feeder(
        found,
        tiny_spec(data="folder", root=str(tmp_path), workers=0),
        InputSpec(channels=1, height=16, width=16),
        CPU,
    )
    (batch,) = feeder.val_batches()
    shown = (batch.images[0, 0] * found.std[0] + found.mean[0]) * 255
    # The middle of the image, seven eighths of it: no shade is lost, none saturated.
    assert shown.min() < 40
    assert shown.max() > 215
    assert len(torch.unique(shown)) > 200


def test_pixels_of_32_bits_are_left_out_by_name(tmp_path: Path) -> None:
    fill(tmp_path)
    for index, kind in enumerate((np.float32, np.int32)):
        Image.fromarray(np.ones((8, 8), kind)).save(tmp_path / "cat" / f"odd{index}.tiff")
    (notice,) = open_data("folder", tmp_path).notices
    assert "odd0.tiff (pixels of 32 bits" in notice
    assert "odd1.tiff (pixels of 32 bits" in notice


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    (tmp_path / "cat" / "locked").mkdir()
    look = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return look(path)

    monkeypatch.setattr(os, "scandir", guarded)
    with pytest.raises(StudioError, match=r"locked could not be read \(Permission denied\)"):
        open_data("folder", tmp_path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "gif", "webp", "tiff"])
def test_broken_images_are_left_out_by_name(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = fill(tmp_path, suffix=suffix)
    (root / "cat" / f"empty.{suffix}").write_bytes(b"")
    (root / "cat" / f"text.{suffix}").write_text("not an image at all")
    whole = (root / "dog" / f"000.{suffix}").read_bytes()
    (root / "dog" / f"torn.{suffix}").write_bytes(whole[: len(whole) * 2 // 3])
    save(root / "dog" / f"vast.{suffix}", size=(60, 60))
    monkeypatch.setattr(folder, "MAX_PIXELS", 1000)
    os.mkfifo(root / "dog" / f"pipe.{suffix}")
    (root / "dog" / f"astray.{suffix}").symlink_to(root / "nowhere")
    (root / "dog" / "notes.txt").write_text("not meant to be an image")
    found = open_data("folder", root)
    (notice,) = found.notices
    assert notice.startswith("6 of 26 images")
    (root / "dog" / f"astray.{suffix}").unlink()
    (notice,) = open_data("folder", root).notices
    for name in ("empty", "text", "torn", "vast", "pipe"):
        assert f"{name}.{suffix} (" in notice
    # Each is named once, below the folder that the user chose, in one sentence.
    assert str(root) not in notice
    assert f"text.{suffix} (not an image)" in notice
    assert notice.endswith(").")
    assert notice.count(f"empty.{suffix}") == 1
    assert (len(found.train), len(found.val)) == (16, 4)


def test_links_in_a_circle_are_entered_once(tmp_path: Path) -> None:
    root = fill(tmp_path)
    (root / "cat" / "round").symlink_to(root / "cat")
    (root / "dog" / "up").mkdir()
    (root / "dog" / "up" / "again").symlink_to(root / "dog")
    assert len(open_data("folder", root).train) == 16


def test_folders_that_cannot_train_say_why(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no folder"):
        open_data("folder", tmp_path / "nowhere")
    with pytest.raises(StudioError, match="0 folders"):
        open_data("folder", tmp_path)
    fill(tmp_path, classes=("cat",))
    with pytest.raises(StudioError, match="1 folder"):
        open_data("folder", tmp_path)
    (tmp_path / "empty class").mkdir()
    with pytest.raises(StudioError, match="'empty class'"):
        open_data("folder", tmp_path)


def folder_run(parent: Path, root: Path, *, workers: int, augment: str = "auto") -> RunFolder:
    spec = tiny_spec(
        data="folder", root=str(root), epochs=2, batch_size=8, workers=workers, augment=augment, device="cpu"
    )
    return RunFolder.create(tiny_design(channels=3, classes=2, size=9), spec, parent)


@pytest.mark.parametrize("augment", ["auto", "crop_flip"])
def test_a_run_is_the_same_with_any_loader_and_from_any_step(tmp_path: Path, augment: str) -> None:
    root = fill(tmp_path / "images", count=20)
    one, two = (folder_run(tmp_path / "runs", root, workers=0, augment=augment) for _ in range(2))
    assert isinstance(train_here(one)[-1], Finished)
    train_here(two, stop_after=3)
    train_here(two)
    assert_same_end(two, one)


def test_loader_processes_change_nothing_and_end_with_the_run(tmp_path: Path) -> None:
    root = fill(tmp_path / "images", count=20)
    one, two = folder_run(tmp_path / "runs", root, workers=0), folder_run(tmp_path / "runs", root, workers=2)
    train_here(one)
    train_here(two, stop_after=3)
    train_here(two)
    weights = [
        torch.load(max(run.checkpoints.glob("last-*.pt")), weights_only=True)["model"] for run in (one, two)
    ]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_left_out_images_are_told_and_a_vanished_one_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = fill(tmp_path / "images", count=10)
    (root / "cat" / "broken.png").write_bytes(b"x")
    run = folder_run(tmp_path / "runs", root, workers=0)
    said = train_here(run, stop_after=1)
    assert any(isinstance(event, Notice) and "broken.png" in event.text for event in said)
    looked = folder.look_at

    def vanishing(path: Path) -> folder.Looked:
        found = looked(path)
        if path.name == "003.png":
            path.unlink()
        return found

    monkeypatch.setattr(folder, "look_at", vanishing)
    last = train_here(run)[-1]
    assert isinstance(last, Failed)
    assert "003.png" in last.what
