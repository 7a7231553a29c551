"""Surveys of data: figures against numpy's, flaws planted and found again, kept until a file changes."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from resnet_studio.design.errors import StudioError
from resnet_studio.engine import free_memory
from resnet_studio.engine.data import survey as room
from resnet_studio.engine.data.images import DataSet, MemoryImages, statistics
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.data.survey import Watch, survey, survey_memory
from resnet_studio.engine.serving import answers
from resnet_studio.engine.serving.channel import Channel, Conversation
from resnet_studio.runs import wire
from resnet_studio.runs.survey import Flaw, Survey, survey_from


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def save(path: Path, seed: int, size: tuple[int, int] = (40, 30)) -> np.ndarray:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return pixels


def fill(root: Path) -> Path:
    for split, count in (("train", 12), ("val", 3)):
        for c, name in enumerate(("cat", "dog")):
            for index in range(count):
                save(
                    root / split / name / f"{index:02}.png",
                    seed=1000 * c + index + (500 if split == "val" else 0),
                )
    return root


def names(found: Survey, flaw: Flaw) -> tuple[str, ...]:
    one = found.finding(flaw)
    return () if one is None else one.names


def test_the_digits_have_their_counts_and_no_flaw() -> None:
    found, data = survey("digits"), open_data("digits")
    assert isinstance(data.train, MemoryImages)
    labels = data.train.labels.tolist()
    assert found.train == tuple(labels.count(label) for label in range(10))
    assert sum(found.val) == len(data.val)
    assert found.findings == ()
    pixels = data.train.images.double() / 255
    assert found.mean == pytest.approx([float(pixels.mean())])
    assert found.std == pytest.approx([float(pixels.std(correction=0))])
    assert len(found.pictures) == 120
    for picture in found.pictures:
        index = int(picture.name.removeprefix("training image "))
        assert labels[index] == picture.label
        assert picture.pixels == data.train.images[index].numpy().tobytes()


def test_a_sound_folder_has_the_figures_that_numpy_counts(tmp_path: Path) -> None:
    root = fill(tmp_path / "pets")
    pixels = [np.asarray(Image.open(path)) / 255 for path in sorted((root / "train").rglob("*.png"))]
    found = survey("folder", root)
    assert (found.classes, found.train, found.val) == (("cat", "dog"), (12, 12), (3, 3))
    assert found.own_split
    assert found.mean == pytest.approx(np.mean(pixels, axis=(0, 1, 2)))
    assert found.std == pytest.approx(np.std(pixels, axis=(0, 1, 2)))
    assert (found.sizes.common, found.sizes.kinds, found.measured) == ((40, 30), 1, 24)
    assert found.findings == ()
    assert [picture.label for picture in found.pictures] == [0] * 12 + [1] * 12
    shown = np.asarray(Image.open(root / found.pictures[0].name))
    assert found.pictures[0].shape == (3, 30, 40)
    assert (
        np.frombuffer(found.pictures[0].pixels, np.uint8).tolist()
        == shown.transpose(2, 0, 1).ravel().tolist()
    )


def test_planted_flaws_are_found_by_name(tmp_path: Path) -> None:
    root = fill(tmp_path / "pets")
    train, val = root / "train", root / "val"
    (train / "cat" / "copy.png").write_bytes((train / "cat" / "03.png").read_bytes())
    (val / "dog" / "leak.png").write_bytes((train / "dog" / "05.png").read_bytes())
    (train / "dog" / "both.png").write_bytes((train / "cat" / "07.png").read_bytes())
    (train / "cat" / "torn.png").write_bytes((train / "cat" / "01.png").read_bytes()[:200])
    save(train / "dog" / "icon.png", seed=9, size=(7, 7))
    save(train / "dog" / "small.png", seed=9, size=(40, 7))
    Image.new("RGB", (40, 30), (9, 9, 9)).save(train / "cat" / "blank.png")
    found = survey("folder", root)
    assert "train/cat/copy.png = train/cat/03.png" in names(found, Flaw.COPIED)
    assert names(found, Flaw.LEAKED) == ("val/dog/leak.png = train/dog/05.png",)
    assert names(found, Flaw.CONTRADICTING) == ("train/dog/both.png (dog) = train/cat/07.png (cat)",)
    (broken,) = names(found, Flaw.BROKEN)
    assert broken.startswith("train/cat/torn.png (")
    assert set(names(found, Flaw.TINY)) == {"train/dog/icon.png (7x7)", "train/dog/small.png (40x7)"}
    assert names(found, Flaw.BLANK) == ("train/cat/blank.png",)
    assert found.sizes.least == (7, 7)
    assert found.sizes.kinds == 3


def test_copies_in_memory_are_found(tmp_path: Path) -> None:
    images = torch.randint(
        0, 256, (8, 1, 4, 4), dtype=torch.uint8, generator=torch.Generator().manual_seed(1)
    )
    images[3], images[5], images[6] = images[0], images[1], 7
    train, val = (
        MemoryImages(images[:5], torch.tensor([0, 1, 0, 0, 1])),
        MemoryImages(images[5:], torch.tensor([0, 1, 0])),
    )
    mean, std = statistics(train.images)
    data = DataSet(
        name="mnist", title="M", classes=("a", "b"), shape=(1, 4, 4), train=train, val=val, mean=mean, std=std
    )  # fmt: skip
    found = survey_memory(data, Watch())
    assert names(found, Flaw.COPIED) == ("training image 3 = training image 0",)
    assert names(found, Flaw.LEAKED) == ("validation image 0 = training image 1",)
    assert names(found, Flaw.CONTRADICTING) == ("validation image 0 (a) = training image 1 (b)",)
    assert names(found, Flaw.BLANK) == ("validation image 1",)


def test_a_folder_is_split_as_a_run_splits_it(tmp_path: Path) -> None:
    for c, name in enumerate(("cat", "dog")):
        for index in range(11):
            save(tmp_path / "pets" / name / f"{index:02}.png", seed=100 * c + index)
    found, data = survey("folder", tmp_path / "pets"), open_data("folder", tmp_path / "pets")
    assert (sum(found.train), sum(found.val)) == (len(data.train), len(data.val))
    assert found.shape == data.shape
    assert not found.own_split


def test_it_is_kept_until_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = fill(tmp_path / "pets")
    first = survey("folder", root)
    looks: list[str] = []
    tell = lambda _done, _total, text: looks.append(text)  # noqa: E731
    assert survey("folder", root, progress=tell) == first
    assert looks == []
    assert survey("folder", root, progress=tell, anew=True) == first
    assert looks
    path = root / "val" / "cat" / "00.png"
    path.write_bytes((root / "train" / "cat" / "00.png").read_bytes())
    os.utime(path, ns=(1, 1))
    assert names(survey("folder", root), Flaw.LEAKED) == ("val/cat/00.png = train/cat/00.png",)
    for kept in (tmp_path / "home" / "state" / "surveys").iterdir():
        kept.write_text("{")
    assert survey("folder", root).train == (12, 12)


def test_it_can_be_given_up(tmp_path: Path) -> None:
    root = fill(tmp_path / "pets")
    asked = iter(range(100))
    with pytest.raises(StudioError, match="Cancelled"):
        survey("folder", root, cancelled=lambda: next(asked) > 3)
    assert not (tmp_path / "home" / "state").exists()


def test_of_many_classes_each_gives_a_few(tmp_path: Path) -> None:
    assert len(room.samples([label for label in range(100) for _ in range(50)], 100)) == 200
    assert len(room.samples(list(range(1000)), 1000)) == 240
    assert room.samples([0, 1, 0], 2) == [0, 2, 1]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="There is no folder"):
        survey("folder", tmp_path / "nowhere")


# --- what the window asks -------------------------------------------------------------------------------------------------


def asked(do: str, **args: object) -> list[wire.Answer]:
    """What the engine says to one request, answered here."""
    said = BytesIO()
    talk = Conversation(wire.Request(7, do, args), Channel(said))
    try:
        talk.succeed(answers.answer(talk))
    except StudioError as error:
        talk.fail(error.what, error.remedy)
    return [wire.decode_answer(line) for line in said.getvalue().splitlines()]


def test_the_window_gets_progress_and_then_the_survey(tmp_path: Path) -> None:
    root = fill(tmp_path / "pets")
    *before, last = asked(wire.SURVEY_DATA, data="folder", root=str(root))
    assert all(isinstance(one, wire.Progress) and one.done <= one.total for one in before)
    assert {one.text for one in before if isinstance(one, wire.Progress)} >= {
        "Looking at images",
        "Making samples",
    }
    assert isinstance(last, wire.Result)
    assert isinstance(last.value, dict)
    assert survey_from(last.value) == survey("folder", root)
    (failed,) = asked(wire.SURVEY_DATA, data="folder", root=str(tmp_path / "nowhere"))
    assert isinstance(failed, wire.Failure)


def test_the_window_gets_the_memory_of_a_device() -> None:
    (last,) = asked(wire.MEMORY, device="cpu")
    assert isinstance(last, wire.Result)
    assert isinstance(last.value, dict)
    assert last.value["name"] == "cpu"
    free, total = last.value["free"], last.value["total"]
    assert free is None or 0 < free <= total
    assert isinstance(asked(wire.MEMORY, device="cuda:99")[0], wire.Failure)


@pytest.mark.parametrize("version", [1, 2])
def test_a_containers_share_is_what_counts(tmp_path: Path, version: int) -> None:
    names = free_memory.SHARES[version - 1]
    for name, text in zip(names[:3], ("1000000", "700000", f"cache 9\n{names[3]} 100000\n"), strict=True):
        (tmp_path / name).write_text(text)
    assert free_memory.share(tmp_path) == (400_000, 1_000_000)
    (tmp_path / names[0]).write_text("max\n")
    assert free_memory.share(tmp_path) is None
