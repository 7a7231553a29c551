"""Export as Python source: the file and its weights work where torch is all there is, and what does not work is not written."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.source import source_of
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import (
    Attention,
    BlockKind,
    BlockSpec,
    Design,
    Norm,
    Order,
    ShortcutKind,
)
from resnet_studio.engine.build import build
from resnet_studio.engine.exporting import as_source
from resnet_studio.engine.exporting.export import ComparisonError, export
from tests.engine.drawings import one_block

RICH = BlockSpec(
    kind=BlockKind.BOTTLENECK,
    channels=16,
    width=4,
    stride=2,
    order=Order.FULL_PREACT,
    shortcut=ShortcutKind.POOL_PROJECTION,
    attention=Attention.CBAM,
    norm=Norm.GROUP,
    norm_groups=2,
    dropout=0.1,
    drop_path=0.2,
)
# Whatever is installed beside torch and what torch itself needs is hidden, this program too.
CHILD = """
import importlib.metadata as installed, re, sys
def needs(name, found):
    if name not in found:
        found.add(name)
        for line in installed.requires(name) or ():
            if "extra ==" not in line:
                try:
                    needs(re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-"), found)
                except installed.PackageNotFoundError:
                    pass
    return found
kept = needs("torch", set())
hidden = {
    package
    for package, owners in installed.packages_distributions().items()
    if not {owner.lower().replace("_", "-") for owner in owners} & kept
}
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden | {"resnet_studio"}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Finder())
sys.path.insert(0, sys.argv[1])
import torch
torch.set_num_threads(1)
import net
network = net.load(sys.argv[1] + "/net.state_dict.pt")
wanted = torch.load(sys.argv[2], weights_only=True)
with torch.no_grad():
    print(max(float((network(images) - outputs).abs().max()) for images, outputs in zip(*wanted)))
print(sorted(name for name in sys.modules if name in hidden))
"""


def alone(folder: Path, expected: Path) -> list[str]:
    command = [sys.executable, "-c", CHILD, str(folder), str(expected)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_an_exported_file_works_where_torch_is_all_there_is(tmp_path: Path) -> None:
    design = one_block(RICH)
    receipt = export(design, tmp_path / "net.py", seed=4)
    assert receipt["max_difference"] < 1e-6
    assert "net.state_dict.pt lies beside it." in receipt["notes"]
    torch.manual_seed(4)
    network = build(design).eval()
    images = [torch.rand((batch, *design.input.shape)) for batch in (1, 2, 7)]
    with torch.no_grad():
        torch.save((images, [network(one) for one in images]), tmp_path / "expected.pt")
    difference, foreign = alone(tmp_path, tmp_path / "expected.pt")
    assert float(difference) < 1e-6
    assert foreign == "[]"


def test_an_exported_file_shows_itself(tmp_path: Path) -> None:
    design = replace(one_block(RICH), name="My \N{GREEK SMALL LETTER PHI} net")
    export(design, tmp_path / "net.py")
    done = subprocess.run(
        [sys.executable, "net.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    count = analyse(design).totals.params
    assert done.stdout == f"My \N{GREEK SMALL LETTER PHI} net: {count:,} parameters, logits of shape (1, 3)\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import torch\n", "import torch\nimport numpy\n"),
        ("return self.fc(x)", "return self.fc(x) + 0.1"),
        ("nn.Linear(16, 3)", "nn.Linear(16, 4)"),
        ("padding=1", "padding=2"),
    ],
)
def test_a_wrong_file_replaces_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    design: Design = one_block(RICH)
    text = source_of(analyse(design)).text
    assert old in text
    monkeypatch.setattr(as_source, "source_of", lambda plan: SimpleNamespace(text=text.replace(old, new)))
    kept = {tmp_path / "net.py": b"old source", tmp_path / "net.state_dict.pt": b"old weights"}
    for path, data in kept.items():
        path.write_bytes(data)
    with pytest.raises(ComparisonError):
        export(design, tmp_path / "net.py")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == kept


def test_weights_lie_beside_source_anyway(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"beside a \.pt, not beside a \.py"):
        export(one_block(RICH), tmp_path / "net.py", state_dict=True)
