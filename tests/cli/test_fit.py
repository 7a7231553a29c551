"""`resnet-studio fit` and `--adapt-stem`: what a run would need, through the program's own door."""

import json

import pytest

from resnet_studio.cli.entry import main
from resnet_studio.cli.making import add_adapting, add_settings, planned
from resnet_studio.cli.parser import Parser
from resnet_studio.engine import free_memory
from resnet_studio.runs.results import Memory

FREE = 4_000_000_000


@pytest.fixture(autouse=True)
def _memory(monkeypatch: pytest.MonkeyPatch) -> None:
    found: Memory = {"name": "cpu", "label": "CPU", "free": FREE, "total": 2 * FREE, "count": 1}
    monkeypatch.setattr(free_memory, "memory_of", lambda _setting: found)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main(["fit", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_it_says_what_fits_and_the_largest_batch(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = told(capsys, "cifar_resnet20", "--data", "cifar10")
    assert code == 0
    assert found["fits"] is True
    assert found["batch"] == 128
    largest = found["largest_batch"]
    assert isinstance(largest, int)
    assert told(capsys, "cifar_resnet20", "--data", "cifar10", "--batch-size", str(largest))[0] == 0
    code, found = told(capsys, "cifar_resnet20", "--data", "cifar10", "--batch-size", str(2 * largest))
    assert (code, found["fits"]) == (1, False)


def test_where_it_does_not_fit_it_names_the_flags_that_help(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["resnet50", "--data", "cifar10", "--adapt"]
    assert main(["fit", *words, "--batch-size", "512"]) == 1
    said = capsys.readouterr().out.strip().splitlines()
    assert said[0] == "ResNet-50 on CIFAR-10, batch 512, float32: CPU"
    advice = said[-1].rpartition("Take ")[2].rstrip(".").split(" or ")
    assert [way.split()[0] for way in advice] == ["--batch-size", "--parts"]
    for way in advice:
        extra = way.split() if "--batch-size" in way else ["--batch-size", "512", *way.split()]
        assert main(["fit", *words, *extra]) == 0
        assert "would fit." in capsys.readouterr().out


def test_a_design_that_does_not_fit_its_data_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "resnet18", "--data", "cifar10"]) == 2
    assert "--adapt-stem" in capsys.readouterr().err


def test_the_stem_is_adapted_where_asked() -> None:
    parser = Parser("fit", "")
    add_settings(parser)
    add_adapting(parser)
    whole, _ = planned(parser.read(["resnet18", "--data", "cifar10", "--adapt-stem"]))
    kept, spec = planned(parser.read(["resnet18", "--data", "cifar10", "--adapt"]))
    assert (whole.stem.kernel, whole.input.shape) == (3, (3, 32, 32))
    assert (kept.stem.kernel, kept.input.shape) == (7, (3, 224, 224))
    assert spec.data == "cifar10"
