"""The short-lived child that opens a file of weights from anywhere, and says in plain words what it holds. Knows no design.

`python -m ...reader FILE [COPY]`: one JSON object on stdout. With COPY, what was found good is written there as safetensors:
the only thing that the caller ever opens. It runs under a memory limit, and the caller ends it when it takes too long.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_studio.design.errors import StudioError
from resnet_studio.design.limits import MAX_PARAMS
from resnet_studio.engine.children import end_with_stdin
from resnet_studio.engine.weights.file import FORMAT, UNREADABLE, walk_zip
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.written import thousands

MAX_BYTES = 4 * MAX_PARAMS
MAX_TENSORS = 100_000
_MAX_NAME = 200
# What people wrap a state_dict in, the likeliest first.
_WRAPPERS = ("state_dict", "model", "model_state_dict", "network", "net", "weights", "params")
_PREFIXES = ("module.", "_orig_mod.")
_ZIP, _STREAM = b"PK\x03\x04", b"\x80"
# Data, not address space: torch's libraries map far more than they touch.
_BASE_BYTES = 3 * 2**30


class Refused(StudioError):
    """The file is not one of plain weights."""


def read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors of a file, dense and on the CPU, and what else is known: design (text), notices.

    Raises:
        StudioError: it is no file of plain weights; the message says in what.
    """
    kind = _kind(path)
    about: dict[str, Any] = {"kind": kind, "design": None, "notices": []}
    try:
        found = _safetensors(path, about) if kind == "safetensors" else _torch_file(path, kind, about)
    except OSError as error:
        raise Refused(f"It could not be read ({error.strerror or error}).", "Check the path.") from error
    except MemoryError as error:
        raise Refused("It asks for more memory than a file of its size may.", "It was not opened.") from error
    tensors = _without_prefixes(found, about["notices"])
    _check(tensors, path.stat().st_size)
    return {name: _dense(name, tensor, about["notices"]) for name, tensor in tensors.items()}, about


def _kind(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(9)
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise Refused(f"It could not be read ({error.strerror or error}).", "Check the path.") from error
    if size > MAX_BYTES:
        raise Refused(f"It has {thousands(size)} bytes, more than any network here.")
    if start.startswith(_ZIP):
        return "zip"
    if start.startswith(_STREAM):
        return "stream"
    # Eight bytes of length, then JSON: it says so itself, whatever its name ends in.
    if len(start) == 9 and start[8:] == b"{" and int.from_bytes(start[:8], "little") < size:
        return "safetensors"
    raise Refused(
        "It is no file of weights that is opened here.",
        "Weights are .pt or .pth files as torch.save writes them since 2020, or .safetensors.",
    )


def _safetensors(path: Path, about: dict[str, Any]) -> dict[str, Any]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt", device="cpu") as file:
            words = file.metadata() or {}
            if words.get("format") == FORMAT:
                about["design"] = words.get("design")
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  it is no dict
    except (SafetensorError, *UNREADABLE) as error:
        raise Refused(f"It is not a sound safetensors file ({_first_line(error)}).") from error


def _torch_file(path: Path, kind: str, about: dict[str, Any]) -> dict[Any, Any]:
    try:
        if kind == "zip":
            with path.open("rb") as file:
                walk_zip(file)
            _refuse_programs(path)
        # Never tried again with weights_only off: who made the file would choose whether this fails.
        value = torch.load(path, map_location="cpu", weights_only=True)
    except UNREADABLE as error:
        if "allocate memory" in str(error):
            raise MemoryError from error
        raise Refused(
            f"It is not a file of plain weights ({_first_line(error)}).",
            "It was not opened any further. Save the state_dict alone: torch.save(network.state_dict(), FILE).",
        ) from error
    if not isinstance(value, Mapping):
        raise Refused(f"It holds one {type(value).__name__}, and not a state_dict.")
    return _unwrapped(value, about)


def _refuse_programs(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        names = {member.partition("/")[2] for member in archive.namelist()}
    if "constants.pkl" in names or any(name.startswith("code/") for name in names):
        raise ValueError("it is TorchScript, which is a program")


def _unwrapped(value: Mapping[Any, Any], about: dict[str, Any]) -> dict[Any, Any]:
    """The dict of tensors in whatever people wrap it in."""
    if _holds_tensors(value):
        return dict(value)
    if value.get("format") == FORMAT:
        about["design"] = value.get("design")
    elif isinstance(extra := value.get("about"), Mapping):
        about["design"] = extra.get("design")
    found = [name for name in _WRAPPERS if _holds_tensors(value.get(name))]
    if not found:
        raise Refused(
            "It holds no state_dict.",
            f"A dict of tensors is looked for itself, or as {', '.join(_WRAPPERS)}.",
        )
    if about["design"] is None:
        about["notices"].append(f"The weights were taken from {found[0]!r} in the file.")
    return dict(value[found[0]])


def _holds_tensors(value: object) -> bool:
    return isinstance(value, Mapping) and any(isinstance(item, Tensor) for item in value.values())


def _without_prefixes(found: dict[Any, Any], notices: list[str]) -> dict[str, Any]:
    """Without what DataParallel and torch.compile leave in names; in whichever order, each once."""
    for name in found:
        if not isinstance(name, str) or not name.isprintable() or len(name) > _MAX_NAME:
            raise Refused(f"It has a tensor with the name {str(name)[:40]!r}.")
    again = True
    while again:
        again = False
        for prefix in _PREFIXES:
            if found and all(name.startswith(prefix) for name in found):
                found = {name.removeprefix(prefix): tensor for name, tensor in found.items()}
                notices.append(f"The prefix {prefix!r} was taken off every name.")
                again = True
    return found


def _check(tensors: Mapping[str, Any], size: int) -> None:
    """Nothing but ordinary tensors, together no larger than the file that they came in."""
    if not tensors:
        raise Refused("It holds no tensor.")
    if len(tensors) > MAX_TENSORS:
        raise Refused(f"It holds {thousands(len(tensors))} tensors, more than any network here.")
    total = 0
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor):
            raise Refused(f"{name} is a {type(tensor).__name__}, not a tensor.")
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_meta or tensor.is_nested:
            what = "quantised" if tensor.is_quantized else str(tensor.layout).removeprefix("torch.")
            raise Refused(f"{name} is not a dense tensor ({what}).")
        total += tensor.numel() * tensor.element_size()
    # Many names for one storage, or a stride of nothing: little in the file, gigabytes when written out.
    if total > size:
        raise Refused(
            f"Its tensors are larger ({thousands(total)} bytes) than it is ({thousands(size)} bytes)."
        )


def _dense(name: str, tensor: Tensor, notices: list[str]) -> Tensor:
    if tensor.is_contiguous():
        return tensor.detach()
    if tensor.ndim == 4 and tensor.is_contiguous(memory_format=torch.channels_last):
        note = "Its tensors lie channels last; they were laid out anew."
        if note not in notices:
            notices.append(note)
        return tensor.detach().contiguous()
    raise Refused(f"{name} is not a dense tensor (strides {tuple(tensor.stride())}).")


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # torch explains at length how to switch the check off; what it stumbled over stands in the line that names a GLOBAL.
    telling = next((line for line in lines if "GLOBAL" in line), lines[0] if lines else "")
    return (telling or type(error).__name__)[:200].rstrip(".")


# --- the process ------------------------------------------------------------------------------------------------------


def _told(tensors: Mapping[str, Tensor], about: dict[str, Any]) -> dict[str, Any]:
    infinite = [
        name for name, tensor in tensors.items()
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all())
    ]  # fmt: skip
    rows = {
        name: [str(tensor.dtype).removeprefix("torch."), list(tensor.shape)]
        for name, tensor in tensors.items()
    }
    return {"tensors": rows, "not_finite": infinite, **about}


def _write(tensors: Mapping[str, Tensor], copy: Path) -> None:
    from safetensors.torch import save_file

    # Two names for one storage are no fault; the format wants each by itself.
    save_file({name: tensor.clone() for name, tensor in tensors.items()}, str(copy))


def limit_memory(size: int) -> None:
    """From here on this process gets no more than the file's own size a few times over."""
    if sys.platform != "linux":
        return
    import resource

    limit = _BASE_BYTES + 4 * size
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def main() -> int:
    """Read one file; what it holds, or what is wrong with it, as one JSON object on stdout."""
    end_with_stdin()
    torch.set_num_threads(1)
    path = Path(sys.argv[1])
    try:
        limit_memory(min(path.stat().st_size, MAX_BYTES))
        tensors, about = read(path)
        told = _told(tensors, about)
        if len(sys.argv) > 2:
            _write(tensors, Path(sys.argv[2]))
    except StudioError as error:
        told = {"error": [error.what, error.remedy]}
    except (OSError, MemoryError) as error:
        told = {"error": [f"It could not be read ({type(error).__name__}: {str(error)[:200]}).", ""]}
    print(json.dumps(told))
    sys.stdout.flush()
    os._exit(ExitCode.DONE)  # the thread still reads stdin, and must not keep the interpreter from ending


if __name__ == "__main__":
    sys.exit(main())
