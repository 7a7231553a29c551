"""A network as standalone Python, with its weights as a bare state_dict beside it. Knows no text of the file: that is analysis'."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.source import source_of
from resnet_studio.engine.exporting.material import Loaded, Material, Way, write_bytes

BESIDE = "state_dict"
_ALLOWED = "torch"


def _write(path: Path, material: Material) -> None:
    write_bytes(path, source_of(analyse(material.contents.design)).text.encode())


def _load(path: Path, beside: list[Path]) -> Loaded:
    """Run the file as a module of its own, where torch is all that it can import, and let it load its weights itself."""
    space: dict[str, Any] = {
        "__name__": path.stem,
        "__builtins__": vars(builtins) | {"__import__": _import_torch},
    }
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), space)
    network = space["load"](str(beside[0]))
    return Loaded(network, network.state_dict())


def _import_torch(
    name: str,
    variables: Mapping[str, object] | None = None,
    local: Mapping[str, object] | None = None,
    wanted: Sequence[str] = (),
    level: int = 0,
) -> Any:
    """What `import` does in the file: another package would not be there on another machine."""
    if level or name.partition(".")[0] != _ALLOWED:
        raise ImportError(f"the file imports {name}, and should need only {_ALLOWED}")
    return __import__(name, variables, local, wanted, level)


def _companions(path: Path) -> tuple[tuple[Path, str], ...]:
    return ((path.with_name(f"{path.stem}.state_dict.pt"), BESIDE),)


WAY = Way(write=_write, load=_load, companions=_companions)
