"""Where weights come from and whose they are: torchvision's by name and download, timm's, our own, other people's files."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
import torchvision
from safetensors.torch import save_file
from torch import Tensor, nn

from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design, with_new_id
from resnet_studio.engine.build import blueprint, build
from resnet_studio.engine.serving.channel import Channel, Conversation
from resnet_studio.engine.serving.weights_answers import look_weights
from resnet_studio.engine.weights import pretrained, reading
from resnet_studio.engine.weights.carry import Way
from resnet_studio.engine.weights.origin import Origin, find_origin
from resnet_studio.engine.weights.pretrained import Pretrained
from resnet_studio.engine.weights.reading import Held
from resnet_studio.engine.weights.starting import first_weights, holdings, survey, survey_to_wire
from resnet_studio.runs import wire
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.wire import CANCELLED
from tests.engine.server import Server, server

__all__ = ["server"]
torch.set_num_threads(1)
TORCHVISION = [
    "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
    "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
]  # fmt: skip
TIMM = [
    "resnet18",
    "resnet50",
    "resnet50c",
    "resnet50d",
    "resnet50t",
    "resnext50_32x4d",
    "seresnet50",
    "resnet101d",
]


def held(state: Mapping[str, Tensor], **changes: object) -> Held:
    """What a file of these tensors would hold."""
    tensors = {
        name: (str(tensor.dtype).removeprefix("torch."), tuple(tensor.shape))
        for name, tensor in state.items()
    }
    base = Held(
        path=Path("w.pt"),
        kind="zip",
        tensors=tensors,
        not_finite=(),
        design=None,
        notices=(),
        sha256="0" * 64,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # a test names the fields


def names_of(network: nn.Module) -> dict[str, Tensor]:
    return dict(network.state_dict())


def found(state: Mapping[str, Tensor], target: Design | None = None, **changes: object) -> Origin:
    return find_origin(held(state, **changes), target, None, None)


def refused(
    state: Mapping[str, Tensor], target: Design | None, told: Design | None = None, **changes: object
) -> str:
    with pytest.raises(StudioError) as caught:
        find_origin(held(state, **changes), target, told, None)
    return str(caught.value)


# --- whose they are ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvisions_networks_are_known_by_names_and_shapes(name: str) -> None:
    with torch.device("meta"):
        state = names_of(getattr(torchvision.models, name)())
    origin = found(state, preset(name))
    assert (origin.design, origin.how, origin.notices) == (preset(name), "by names and shapes", ())
    assert found(state).design == preset(name)


@pytest.mark.parametrize("name", TIMM)
def test_timms_networks_are_known_by_names_and_shapes(name: str) -> None:
    with torch.device("meta"):
        state = names_of(timm.create_model(name))
    assert found(state, preset(name)).design == preset(name)


def test_another_number_of_classes_or_channels_is_still_that_network() -> None:
    with torch.device("meta"):
        state = names_of(timm.create_model("resnet50d", num_classes=37, in_chans=1))
    origin = found(state, preset("resnet50d")).design
    assert origin.head is not None
    assert (origin.head.classes, origin.input.channels) == (37, 1)


def test_a_backbone_without_classifier_and_an_old_file_without_counters() -> None:
    state = names_of(blueprint(preset("resnet18")))
    bare = {name: tensor for name, tensor in state.items() if not name.startswith("fc.")}
    assert found(bare).notices == ("It holds no classifier.",)
    old = {name: tensor for name, tensor in state.items() if "num_batches" not in name}
    assert found(old).notices == (
        "It holds no num_batches_tracked, as older files do: the norms count from 0.",
    )


def test_where_several_presets_hold_the_same_tensors_the_drawings_own_is_taken() -> None:
    state = names_of(blueprint(preset("resnet50")))
    assert found(state, preset("resnet50_v1")).design == preset("resnet50_v1")
    assert found(state, preset("resnet50")).design == preset("resnet50")


def test_names_cannot_tell_swapped_blocks_so_the_preset_is_taken_before_the_drawing() -> None:
    origin = preset("resnet50")
    swapped = edits.move_blocks(origin, {"s3b3"}, 2, 6)
    assert found(names_of(blueprint(origin)), swapped).design == origin


def test_a_drawing_of_ones_own_takes_weights_with_its_own_names() -> None:
    """No block has a preset's id, so identity could carry nothing: it is the same network."""
    base = preset("resnet18")
    own = replace(
        base, stages=tuple(replace(s, blocks=tuple(map(with_new_id, s.blocks))) for s in base.stages)
    )
    origin = found(names_of(blueprint(own)), own)
    assert origin.how.startswith("the same network as the drawing")
    assert [block.id for block in origin.design.blocks()] == [block.id for block in own.blocks()]


def test_halves_are_converted_with_a_notice_as_torchvision_publishes_some() -> None:
    halves = {
        name: t.half() if t.is_floating_point() else t
        for name, t in build(preset("digits_starter")).state_dict().items()
    }
    assert found(halves).notices == ("Its numbers are float16; they become float32.",)


@pytest.mark.parametrize("dtype", [torch.int32, torch.bool, torch.complex64, torch.uint8])
def test_another_type_than_a_floating_one_is_a_mismatch(dtype: torch.dtype) -> None:
    state = build(preset("digits_starter")).state_dict()
    state["conv1.weight"] = torch.zeros(state["conv1.weight"].shape, dtype=dtype)
    said = refused(state, None, preset("digits_starter"))
    assert f"conv1.weight is {str(dtype).removeprefix('torch.')}, not float32" in said


def test_mismatches_are_listed_and_counted() -> None:
    state = names_of(blueprint(preset("resnet18")))
    state["layer1.0.conv1.weight"] = torch.zeros(64, 32, 3, 3)
    del state["layer2.1.bn2.bias"]
    state |= {f"extra.{index}": torch.zeros(1) for index in range(9)}
    said = refused(state, None, preset("resnet18"))
    assert "layer2.1.bn2.bias is missing" in said
    assert "layer1.0.conv1.weight is 64x32x3x3, not 64x64x3x3" in said
    assert "(and 6 more)" in said
    assert "origin" in said


def test_a_network_that_nobody_knows_is_named_against_the_drawing() -> None:
    with torch.device("meta"):
        state = names_of(torchvision.models.vgg11())
    said = refused(state, preset("resnet18"))
    assert "no network that is known here" in said
    assert "Against ResNet-18: conv1.weight is missing" in said
    assert "no network that is known here" in refused(state, None)


def test_nan_is_flagged() -> None:
    origin = found(build(preset("digits_starter")).state_dict(), not_finite=("conv1.weight",))
    assert origin.notices == ("NaN or infinity stands in 1 tensors: conv1.weight.",)


# --- torchvision's by name --------------------------------------------------------------------------------------------


@pytest.fixture
def entry(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pretrained:
    """ResNet-18's weights on the server, in a cache of their own."""
    buffer = io.BytesIO()
    torch.save(torchvision.models.resnet18().state_dict(), buffer)
    data = buffer.getvalue()
    name = f"resnet18-{hashlib.sha256(data).hexdigest()[:8]}.pth"
    server.files[name] = data
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr("torch.hub._hub_dir", None)
    made = Pretrained(
        name="ResNet18_Weights.IMAGENET1K_V1", preset="resnet18", title="ResNet-18", url=server.url + name,
        bytes=len(data), params=11_689_512, top1=69.758, is_default=True,
    )  # fmt: skip
    monkeypatch.setattr(pretrained, "table", lambda: (made,))
    return made


def quiet(_done: int, _total: int, _text: str) -> None:
    pass


def test_the_table_is_torchvisions_for_all_ten() -> None:
    table = pretrained.table()
    assert {entry.preset for entry in table} == set(TORCHVISION)
    for name in TORCHVISION:
        default = torchvision.models.get_model_weights(name).DEFAULT  # type: ignore[attr-defined]  # every enum has it
        chosen = pretrained.find(name)
        assert chosen is not None
        assert (chosen.name, chosen.url, chosen.is_default) == (str(default), default.url, True)
        assert pretrained.find(chosen.name) == chosen
        assert pretrained._sum_start(chosen.url)
    assert pretrained.find("resnet51") is None
    assert "resnet50" in pretrained.near_names("resnet5o")


def test_a_name_is_fetched_into_torchs_own_cache_with_progress(
    entry: Pretrained, server: Server, tmp_path: Path
) -> None:
    said: list[tuple[int, int, str]] = []
    found = survey(Initial(source="resnet18"), preset("resnet18"), progress=lambda *words: said.append(words))
    assert entry.path.parent == tmp_path / "torch" / "hub" / "checkpoints"
    assert entry.path.read_bytes() == next(iter(server.files.values()))
    fetched = [words for words in said if words[2].startswith("Downloading")]
    assert [done for done, _, _ in fetched] == sorted(done for done, _, _ in fetched)
    assert fetched[-1][:2] == (entry.bytes, entry.bytes)
    assert found.origin.how == "by its name"
    assert found.report.count(Way.FRESH) == 0
    survey(Initial(source=entry.name), preset("resnet18"))
    assert len(server.asked) == 1
    # Where torch's own loader looks.
    assert torch.hub.get_dir() == str(tmp_path / "torch" / "hub")


def test_a_cancelled_download_goes_on_where_it_stopped(entry: Pretrained, server: Server) -> None:
    at: list[int] = []
    with pytest.raises(StudioError, match=CANCELLED):
        pretrained.ensure(entry, lambda done, *_: at.append(done), lambda: bool(at) and at[-1] > 1_000_000)
    assert not entry.is_here
    pretrained.ensure(entry, quiet, lambda: False)
    assert entry.is_here
    assert server.asked[1][1].startswith("bytes=1")


def test_what_the_server_sends_must_have_the_sum_in_its_name(entry: Pretrained, server: Server) -> None:
    name, data = next(iter(server.files.items()))
    server.files[name] = data[:-1] + b"x"
    with pytest.raises(StudioError, match="sha256"):
        pretrained.ensure(entry, quiet, lambda: False)
    assert not entry.is_here
    assert not list(entry.path.parent.iterdir())


def test_a_damaged_file_in_the_cache_is_fetched_anew(entry: Pretrained) -> None:
    entry.path.parent.mkdir(parents=True)
    entry.path.write_bytes(b"half")
    pretrained.ensure(entry, quiet, lambda: False)
    assert entry.path.stat().st_size == entry.bytes


def test_no_server(entry: Pretrained, server: Server) -> None:
    server.files.clear()
    with pytest.raises(StudioError, match="could not be downloaded"):
        survey(Initial(source="resnet18"), preset("resnet18"))


def test_torchs_own_loader_and_ours_share_one_cache(
    entry: Pretrained, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its progress bar, though silent, would leave a thread.
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)

    def load() -> object:
        return torch.hub.load_state_dict_from_url(entry.url, progress=False, check_hash=True)

    pretrained.ensure(entry, quiet, lambda: False)
    load()
    assert len(server.asked) == 1, "torch finds what was fetched here"
    entry.path.unlink()
    load()
    assert len(server.asked) == 2
    said: list[int] = []
    assert pretrained.ensure(entry, lambda done, *_: said.append(done), lambda: False) == entry.path
    assert (len(server.asked), said) == (2, []), "and what torch fetched is not fetched again"


class Window(io.BytesIO):
    """The window's end of the engine's pipe: keeps what was said, and takes a request back when so much has come."""

    def __init__(self) -> None:
        super().__init__()
        self.talk: Conversation | None = None
        self.cancel_at = 0

    def write(self, line: Any) -> int:
        answer = wire.decode_answer(bytes(line))
        if isinstance(answer, wire.Progress) and self.talk and 0 < self.cancel_at <= answer.done:
            self.talk.cancelled.set()
        return super().write(line)

    def said(self) -> list[wire.Answer]:
        return [wire.decode_answer(line) for line in self.getvalue().splitlines()]


def asked_by_window(cancel_at: int = 0) -> list[wire.Answer]:
    """The engine's answers to the window's request for ResNet-18's weights, as `serve` gives them."""
    window = Window()
    args = {"source": "resnet18", "design": dumps(preset("resnet18"))}
    talk = Conversation(wire.Request(1, wire.LOOK_WEIGHTS, args), Channel(window))
    window.talk, window.cancel_at = talk, cancel_at
    try:
        talk.succeed(look_weights(talk))
    except StudioError as error:
        talk.fail(error.what, error.remedy)
    return window.said()


def test_the_window_sees_the_download_cancels_it_and_goes_on(entry: Pretrained, server: Server) -> None:
    *progress, last = asked_by_window(cancel_at=10_000_000)
    assert last == wire.Failure(1, CANCELLED)
    done = [one.done for one in progress if isinstance(one, wire.Progress)]
    assert 10_000_000 <= done[-1] < entry.bytes
    assert not entry.is_here
    *progress, last = asked_by_window()
    assert isinstance(last, wire.Result)
    assert isinstance(last.value, dict)
    assert (last.value["carried"], last.value["fresh"]) == (122, 0)
    told = [one for one in progress if isinstance(one, wire.Progress) and one.text.startswith("Downloading")]
    assert told[1].done > 10_000_000, "what had come was kept"
    assert (told[-1].done, told[-1].total) == (entry.bytes, entry.bytes)
    assert [wanted for _, wanted in server.asked] == ["", f"bytes={done[-1]}-"]
    server.files.clear()
    *progress, last = asked_by_window()
    assert isinstance(last, wire.Result)
    assert not [one for one in progress if isinstance(one, wire.Progress) and "Downloading" in one.text]


def test_a_file_is_taken_before_a_name(
    entry: Pretrained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save(build(preset("digits_starter")).state_dict(), tmp_path / "resnet18")
    assert survey(Initial(source="resnet18"), preset("digits_starter")).title == "resnet18"


def test_neither_file_nor_name(entry: Pretrained) -> None:
    with pytest.raises(StudioError, match="Did you mean resnet18"):
        survey(Initial(source="resnet19"), preset("resnet18"))


# --- all of it --------------------------------------------------------------------------------------------------------


def test_timms_weights_give_timms_outputs_in_an_equal_drawing(tmp_path: Path) -> None:
    theirs = timm.create_model("seresnet50", num_classes=7).eval()
    save_file(theirs.state_dict(), str(tmp_path / "w.safetensors"))
    base = preset("seresnet50")
    assert base.head is not None
    target = edits.set_head(base, head=replace(base.head, classes=7))
    ours = build(target)
    state, _ = first_weights(Initial(source=str(tmp_path / "w.safetensors")), target, ours.state_dict())
    ours.load_state_dict(state)
    ours.eval()
    images = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(ours(images), theirs(images), atol=1e-5)


def test_another_file_than_the_one_that_was_looked_at_is_refused(tmp_path: Path) -> None:
    design, path = preset("digits_starter"), tmp_path / "w.pt"
    fresh = build(design).state_dict()
    torch.save(fresh, path)
    looked = Initial(source=str(path), sha256=reading.look(path).sha256)
    assert first_weights(looked, design, fresh)
    torch.save(build(design).state_dict(), path)
    with pytest.raises(StudioError, match="has changed"):
        first_weights(looked, design, fresh)


def test_nan_is_never_carried_but_may_stand_in_what_is_not_used(tmp_path: Path) -> None:
    design, path = preset("digits_starter"), tmp_path / "w.pt"
    state = build(design).state_dict()
    state["fc.weight"][0] = float("nan")
    torch.save(state, path)
    with pytest.raises(StudioError, match=r"fc\.weight holds NaN"):
        first_weights(Initial(source=str(path)), design, build(design).state_dict())
    assert design.head is not None
    other = edits.set_head(design, head=replace(design.head, classes=3))
    made, _ = first_weights(Initial(source=str(path)), other, build(other).state_dict())
    assert all(torch.isfinite(tensor).all() for tensor in made.values())


def test_holdings_of_a_network_that_nobody_knows(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(2)}, tmp_path / "w.pt")
    told = holdings(Initial(source=str(tmp_path / "w.pt")))
    assert told.origin is None
    assert "no network that is known here" in told.unknown


def test_the_survey_on_the_wire_counts_what_its_units_list(tmp_path: Path) -> None:
    origin = preset("resnet18")
    torch.save(build(origin).state_dict(), tmp_path / "w.pt")
    target, new = edits.insert_spec(origin, 1, 1, origin.stages[1].blocks[1].spec)
    target = edits.change_blocks(target, {"s4b2"}, width=300)
    value = survey_to_wire(survey(Initial(source=str(tmp_path / "w.pt")), target))
    for way in ("carried", "sliced", "fresh"):
        assert value[way] == sum(unit[way] for unit in value["units"])  # type: ignore[literal-required, misc]
        assert value[way] == sum(f["way"] == way for unit in value["units"] for f in unit["fates"])  # type: ignore[literal-required]
    assert [unit["id"] for unit in value["units"] if unit["fresh"]] == [new, "s4b2"]
    assert value["offered"] == 6
