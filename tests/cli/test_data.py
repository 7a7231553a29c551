"""`resnet-studio data`: a data set's survey in a terminal, through the program's own door."""

import json
from pathlib import Path

import pytest
from PIL import Image

from resnet_studio.cli.entry import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


def fill(root: Path) -> Path:
    for name, count in (("cat", 30), ("dog", 6)):
        for index in range(count):
            path = root / name / f"{index:02}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (30, 20), (index, 9, 200 if name == "cat" else 20)).save(path)
    (root / "dog" / "torn.png").write_bytes(b"no image")
    (root / "cat" / "again.png").write_bytes((root / "cat" / "00.png").read_bytes())
    return root


def test_it_says_what_a_folder_holds_and_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", str(fill(tmp_path / "pets"))]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "pets: 37 images of 2 classes, 30 to learn from and 7 to validate (every fifth of a class"
    )
    assert "sizes      30x20, all the same" in said
    assert "  dog/torn.png (not an image)\n" in said
    assert "again.png" in said
    assert "cat has 5.0 times as many training images as dog (25 and 5)." in said


def test_json_holds_all_of_it_but_the_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "digits", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (sum(told["train"]), sum(told["val"]), told["warnings"]) == (1442, 355, [])
    assert "pictures" not in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "no data set and no folder called nowhere"),
        (("digits", "--jsn"), "Did you mean --json?"),
        ((".", "--root", "."), "--root says where a named data set lies"),
    ],
)
def test_wrong_words_are_refused(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
