"""The formats of an export, in words: what each is for, what opens it, which ending it has. Knows no writer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format.

    Args:
        name: its word on the command line and to the engine.
        title: what people call it.
        suffix: the ending of its files.
        purpose: what it is for.
        opens: what opens it.
        others: endings that mean it, too.
        bare: a bare state_dict can be written beside it.
        needs_bare: a bare state_dict is written beside it in any case: it holds no weights itself.
    """

    name: str
    title: str
    suffix: str
    purpose: str
    opens: str
    others: tuple[str, ...] = ()
    bare: bool = False
    needs_bare: bool = False

    @property
    def line(self) -> str:
        """What it is for and what opens it."""
        return f"{self.purpose} {self.opens}"


PT = Format(
    name="pt",
    title="PyTorch",
    suffix=".pt",
    others=(".pth",),
    purpose=tr("Weights, drawing, classes and input in one file, to go on with."),
    opens=tr("Opened by torch.load(..., weights_only=True), and by ResNet Studio as a drawing."),
    bare=True,
)
SAFETENSORS = Format(
    name="safetensors",
    title="safetensors",
    suffix=".safetensors",
    purpose=tr("Weights that cannot run anything, with the drawing as plain text: to share."),
    opens=tr("Opened by safetensors, torch and timm, and by ResNet Studio as a drawing."),
)
ONNX = Format(
    name="onnx",
    title="ONNX",
    suffix=tr(".onnx"),
    purpose=tr("The network and its weights without Python, to run in other programs."),
    opens=tr("Opened by ONNX Runtime, OpenVINO, TensorRT, browsers, Netron."),
)
PT2 = Format(
    name="pt2",
    title="torch.export",
    suffix=".pt2",
    purpose=tr("The network as PyTorch's own program, to run, compile or lower without its source."),
    opens=tr("Opened by torch.export.load, which runs pickle: open only your own."),
)
TORCHSCRIPT = Format(
    name="torchscript",
    title=tr("TorchScript (legacy)"),
    suffix=tr(".ts"),
    purpose=tr("For programs in C++ that still load TorchScript; PyTorch has deprecated it."),
    opens=tr("Opened by torch.jit.load and libtorch; a .pt2 is its successor."),
)
PYTHON = Format(
    name="python",
    title=tr("Python source"),
    suffix=tr(".py"),
    purpose=tr("The network as a file of Python to read and change, its weights beside it."),
    opens=tr("Run by Python where torch is installed, and nothing else."),
    needs_bare=True,
)
# In the order in which they are offered.
FORMATS = {known.name: known for known in (PT, SAFETENSORS, ONNX, PT2, TORCHSCRIPT, PYTHON)}


def bare_beside(path: Path) -> Path:
    """Where the bare state_dict of a target lies: NAME.state_dict.pt."""
    return path.with_name(f"{path.stem}.state_dict.pt")


def of_suffix(path: Path) -> Format | None:
    """The format that a file's ending means."""
    ending = path.suffix.lower()
    return next((known for known in FORMATS.values() if ending in (known.suffix, *known.others)), None)


def format_of(path: Path, name: str | None = None) -> Format:
    """The format that was asked for; where none was, the one that the ending means.

    Raises:
        StudioError: there is none of that name or ending, or the ending is another format's.
    """
    meant = of_suffix(path)
    if name is None:
        if meant is None:
            if path.suffix:
                ending = path.suffix[:20]
                what = tr(
                    "{path} ends in {ending}, which is no format of an export.", path=path, ending=ending
                )
            else:
                what = tr("{path} has no ending, which is no format of an export.", path=path)
            raise StudioError(what, tr("Take {endings}.", endings=_endings()))
        return meant
    asked = FORMATS.get(name)
    if asked is None:
        raise StudioError(
            tr("There is no format {name!r}.", name=name[:40]),
            tr("There are {formats}.", formats=", ".join(FORMATS)),
        )
    if meant not in (None, asked):
        # Whoever opens the file later believes its ending.
        raise StudioError(
            tr("{path} would be {format}, not what its ending says.", path=path, format=asked.title),
            tr("Take {endings}.", endings=asked.suffix),
        )
    return asked


def _endings() -> str:
    *most, last = (known.suffix for known in FORMATS.values())
    return tr("{several} or {last}", several=", ".join(most), last=last)
