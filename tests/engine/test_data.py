"""Data sets: the digits against scikit-learn, order and augmentation as functions, damaged sets named."""

import gzip
import pickle
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import InputSpec
from resnet_studio.engine.data import digits, opening
from resnet_studio.engine.data.augment import AUGMENTATIONS, AUTO, resized_crops, shifted
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.draws import Dice, Stream, draws, order
from resnet_studio.engine.data.images import MemoryImages, every_fifth, statistics
from resnet_studio.engine.data.known import needed_files, torchvision_class
from resnet_studio.engine.data.opening import open_data, probe
from resnet_studio.runs.data_files import FILES
from resnet_studio.runs.datasets import KNOWN
from tests.engine.train_helpers import tiny_spec

CPU = torch.device("cpu")


def test_the_digits_are_scikit_learns() -> None:
    from sklearn.datasets import load_digits  # type: ignore[import-untyped]

    theirs = load_digits()
    ours = open_data("digits")
    assert isinstance(ours.train, MemoryImages)
    assert isinstance(ours.val, MemoryImages)
    chosen = every_fifth(torch.from_numpy(theirs.target)).numpy()
    for split, mask in ((ours.train, ~chosen), (ours.val, chosen)):
        assert np.array_equal(np.rint(split.images[:, 0].numpy() / 255 * 16), theirs.images[mask])
        assert np.array_equal(split.labels.numpy(), theirs.target[mask])


def test_what_is_known_of_the_digits_is_so() -> None:
    found, known = probe("digits"), KNOWN["digits"]
    assert (found.shape, len(found.classes), found.train, found.val) == (
        known.shape,
        known.classes,
        known.train,
        known.val,
    )
    assert asdict(found)["title"] == "Digits"
    assert {entry["name"] for entry in opening.describe()} == set(KNOWN) == set(AUTO)


def test_damaged_digits_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "digits.csv.gz"
    monkeypatch.setattr(digits, "_file", lambda: path)
    for content in (None, b"rubbish", gzip.compress(b"1,2,3\n"), gzip.compress(b"x" * 65)):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(StudioError, match=r"digits\.csv\.gz"):
            open_data("digits")


def test_the_split_is_stratified() -> None:
    labels = torch.tensor([0] * 50 + [1] * 25 + [2] * 4)
    chosen = every_fifth(labels)
    assert [int(chosen[labels == label].sum()) for label in range(3)] == [10, 5, 0]


def test_statistics_are_torchs() -> None:
    images = torch.randint(0, 256, (50, 3, 5, 4), dtype=torch.uint8)
    mean, std = statistics(images)
    whole = images.double() / 255
    assert mean == pytest.approx(whole.mean((0, 2, 3)).tolist())
    assert std == pytest.approx(whole.std((0, 2, 3), correction=0).tolist())


@given(st.integers(0, 2**31 - 1), st.integers(1, 10_000), st.integers(1, 300))
def test_an_order_is_a_permutation_of_its_own(seed: int, epoch: int, count: int) -> None:
    here = order(seed, epoch, count)
    assert sorted(here.tolist()) == list(range(count))
    assert torch.equal(here, order(seed, epoch, count))


def test_draws_depend_on_each_part_and_on_nothing_else() -> None:
    indices = torch.arange(2000)
    base = draws(1, 1, indices, Stream.ROW)
    assert torch.equal(base, draws(1, 1, indices, Stream.ROW, 0))
    assert torch.equal(base[500:510], draws(1, 1, indices[500:510], Stream.ROW))
    for other in (
        draws(2, 1, indices, Stream.ROW),
        draws(1, 2, indices, Stream.ROW),
        draws(1, 1, indices, Stream.COLUMN),
        draws(1, 1, indices, Stream.ROW, 1),
        base.roll(1),
    ):
        assert (base == other).float().mean() < 0.01
        # Independent: the correlation of 2000 pairs lies within five standard deviations of zero.
        assert abs(float(torch.corrcoef(torch.stack([base, other]).double())[0, 1])) < 5 / 2000**0.5


def test_draws_are_even() -> None:
    counts = torch.bincount(Dice(3, 1, torch.arange(90_000)).integers(Stream.MIRROR, 9), minlength=9)
    assert float(((counts - 10_000) ** 2 / 10_000).sum()) < 40  # chi-square, 8 degrees of freedom
    even = Dice(3, 1, torch.arange(90_000)).uniforms(Stream.SCALE)
    assert 0 <= float(even.min()) < 0.001
    assert 0.999 < float(even.max()) < 1


@pytest.mark.parametrize("name", AUGMENTATIONS)
@settings(max_examples=settings().max_examples // 5)
@given(size=st.integers(4, 12), seed=st.integers(0, 1000))
def test_an_image_is_varied_the_same_in_any_company(name: str, size: int, seed: int) -> None:
    images = torch.randint(0, 256, (6, 2, size, size + 1), dtype=torch.uint8)
    before = images.clone()
    indices = torch.tensor([4, 90, 7, 55, 8, 3])
    together = AUGMENTATIONS[name](images, Dice(seed, 1, indices))
    alone = torch.cat(
        [AUGMENTATIONS[name](images[i : i + 1], Dice(seed, 1, indices[i : i + 1])) for i in range(6)]
    )
    assert torch.equal(images, before)
    assert together.shape == images.shape
    assert together.dtype is torch.uint8
    assert torch.equal(together, alone)


def test_a_shift_moves_by_whole_pixels_and_a_mirror_mirrors() -> None:
    images = torch.zeros(500, 1, 16, 16, dtype=torch.uint8)
    images[:, 0, 8, 5] = 255
    places = set()
    for image in shifted(images, Dice(0, 1, torch.arange(500))):
        ((_, y, x),) = image.nonzero().tolist()
        places.add((y, x))
    assert places == {(y, x) for y in range(6, 11) for x in range(3, 8)}
    mirrored = shifted(images, Dice(0, 1, torch.arange(500)), mirror=True)
    columns = {int(image.nonzero()[0, 2]) for image in mirrored}
    assert columns == set(range(3, 8)) | set(range(8, 13))


@pytest.mark.parametrize(("height", "width"), [(32, 32), (9, 40), (2, 3)])
def test_what_comes_in_from_outside_is_black_or_the_reflection(height: int, width: int) -> None:
    images = torch.randint(1, 256, (60, 3, height, width), dtype=torch.uint8)
    dice, pads = Dice(0, 1, torch.arange(60)), (max(1, width // 8), max(1, height // 8))
    both = [pads[0], pads[0], pads[1], pads[1]]
    for name, mode in (("crop_flip", "constant"), ("reflect_flip", "reflect")):
        # torch reflects floats alone.
        padded = torch.nn.functional.pad(images.float(), both, mode=mode).to(torch.uint8)
        tops, lefts = (
            dice.integers(stream, 2 * pad + 1).tolist()
            for stream, pad in ((Stream.ROW, pads[1]), (Stream.COLUMN, pads[0]))
        )
        found = AUGMENTATIONS[name](images, dice)
        mirrored = dice.integers(Stream.MIRROR, 2).tolist()
        for place, (top, left, flip) in enumerate(zip(tops, lefts, mirrored, strict=True)):
            wanted = padded[place, :, top : top + height, left : left + width]
            assert torch.equal(found[place], wanted.flip(-1) if flip else wanted)
        assert bool((found == 0).any()) == (mode == "constant")


def test_an_image_of_one_pixel_is_its_own_reflection() -> None:
    images = torch.randint(0, 256, (30, 1, 1, 1), dtype=torch.uint8)
    assert torch.equal(AUGMENTATIONS["reflect_flip"](images, Dice(0, 1, torch.arange(30))), images)


def test_a_crop_of_an_even_image_is_even() -> None:
    images = torch.full((20, 3, 9, 9), 77, dtype=torch.uint8)
    assert torch.equal(resized_crops(images, Dice(0, 1, torch.arange(20))), images)


def test_batches_from_any_step_are_those_of_the_whole_epoch() -> None:
    feeder = Feeder(
        open_data("digits"), tiny_spec(batch_size=100), InputSpec(channels=3, height=10, width=12), CPU
    )
    whole = list(feeder.train_batches(2, 0))
    assert len(whole) == feeder.steps_per_epoch == 14
    assert len(torch.cat([batch.indices for batch in whole]).unique()) == 1400
    assert whole[0].images.shape == (100, 3, 10, 12)
    for one, other in zip(whole[9:], feeder.train_batches(2, 9), strict=True):
        assert torch.equal(one.indices, other.indices)
        assert torch.equal(one.images, other.images)
    assert not torch.equal(whole[0].indices, next(feeder.train_batches(3, 0)).indices)
    assert sum(len(batch.labels) for batch in feeder.val_batches()) == 355


def test_what_the_network_gets_is_normalised() -> None:
    plain = tiny_spec(batch_size=1442, augment="none")
    feeder = Feeder(open_data("digits"), plain, InputSpec(channels=1, height=8, width=8), CPU)
    (batch,) = feeder.train_batches(1, 0)
    assert float(batch.images.mean()) == pytest.approx(0, abs=1e-4)
    assert float(batch.images.std()) == pytest.approx(1, abs=1e-3)


# --- torchvision's formats ----------------------------------------------------------------------------------------------


def write_idx(path: Path, array: np.ndarray) -> None:
    header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header + array.tobytes())


def fake_mnist(root: Path, *, edge: int = 28, top: int = 9) -> None:
    raw = root / "MNIST" / "raw"
    dice = np.random.default_rng(0)
    for prefix, count in (("train", 40), ("t10k", 20)):
        write_idx(
            raw / f"{prefix}-images-idx3-ubyte", dice.integers(0, 256, (count, edge, edge), dtype=np.uint8)
        )
        write_idx(raw / f"{prefix}-labels-idx1-ubyte", (np.arange(count) % (top + 1)).astype(np.uint8))


def test_mnist_is_read_from_torchvisions_layout(tmp_path: Path) -> None:
    fake_mnist(tmp_path)
    found = open_data("mnist", tmp_path)
    assert (len(found.train), len(found.val), found.shape) == (40, 20, (1, 28, 28))
    assert found.classes == tuple("0123456789")


@pytest.mark.parametrize("damage", ["missing", "short", "shape", "labels", "empty"])
def test_damaged_mnist_is_named(tmp_path: Path, damage: str) -> None:
    fake_mnist(tmp_path, edge=20 if damage == "shape" else 28, top=12 if damage == "labels" else 9)
    victim = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte"
    if damage == "missing":
        victim.unlink()
    elif damage == "short":
        victim.write_bytes(victim.read_bytes()[:5000])
    elif damage == "empty":
        victim.write_bytes(b"")
    with pytest.raises(StudioError, match="MNIST") as caught:
        open_data("mnist", tmp_path)
    assert "ownload" in caught.value.remedy


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_cheap_look_asks_for_the_files_that_torchvision_reads(name: str) -> None:
    assert set(FILES[name]) == {file for file, _ in needed_files(name)}


def test_cifar_is_never_unpickled_unless_its_md5_is_right(tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    trap = tmp_path / "sprung"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return Path.touch, (trap,)

    for file, _ in needed_files("cifar10"):
        (tmp_path / file).write_bytes(pickle.dumps(Trap()))
    with pytest.raises(StudioError, match="data_batch_1"):
        open_data("cifar10", tmp_path)
    assert not trap.exists()


def test_cifar_is_read_by_torchvisions_loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    kind = torchvision_class("cifar10")

    def written(name: str, value: object) -> list[str]:
        (folder / name).write_bytes(pickle.dumps(value))
        return [name, hashlib.md5((folder / name).read_bytes()).hexdigest()]

    pixels = np.random.default_rng(0).integers(0, 256, (10, 3072), dtype=np.uint8)
    batch = {"data": pixels, "labels": list(range(10))}
    monkeypatch.setattr(kind, "train_list", [written("data_batch_1", batch)])
    monkeypatch.setattr(kind, "test_list", [written("test_batch", batch)])
    name, md5 = written("batches.meta", {"label_names": list("abcdefghij")})
    monkeypatch.setattr(kind, "meta", {"filename": name, "key": "label_names", "md5": md5})
    found = open_data("cifar10", tmp_path)
    assert isinstance(found.train, MemoryImages)
    assert torch.equal(found.train.images, torch.from_numpy(pixels.reshape(10, 3, 32, 32)))
    assert found.classes == tuple("abcdefghij")


def test_unknown_names_are_refused() -> None:
    with pytest.raises(StudioError, match="imagenet"):
        open_data("imagenet")
    with pytest.raises(StudioError, match="nothing to download"):
        opening.download("digits", None, lambda _done, _total, _text: None, lambda: False)
