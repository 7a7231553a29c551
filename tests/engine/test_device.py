"""What a device is asked and told, where it can be known without one."""

from typing import Any

import pytest
import torch

from resnet_studio.engine import device
from resnet_studio.engine.data import augment
from resnet_studio.engine.data.draws import Dice
from resnet_studio.engine.device import is_out_of_memory, make_deterministic, memory_layout, miscomputes
from resnet_studio.engine.training.demands import check_layout
from resnet_studio.runs.spec import default_spec
from tests.engine.pretend_card import pretend_cards


@pytest.mark.parametrize(
    "words",
    [
        "CUDA out of memory. Tried to allocate 2.00 GiB.",
        "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "GET was unable to find an engine to execute this computation",
        "MPS backend out of memory (MPS allocated: 9.01 GB)",
    ],
)
def test_memory_that_ran_out_is_known_by_whatever_says_so(words: str) -> None:
    assert is_out_of_memory(RuntimeError(words))
    assert not is_out_of_memory(ValueError(words))


def test_other_failures_are_none_of_memory() -> None:
    assert not is_out_of_memory(RuntimeError("Expected all tensors to be on the same device"))
    assert is_out_of_memory(torch.OutOfMemoryError())
    assert is_out_of_memory(MemoryError())


@pytest.mark.parametrize("compiles", [False, True])
def test_bits_that_repeat_are_not_chosen_by_a_clock(compiles: bool) -> None:
    try:
        make_deterministic(wanted=True, compiles=compiles)
        assert torch.are_deterministic_algorithms_enabled()
        assert not torch.backends.cudnn.benchmark
        if compiles:
            import torch._inductor.config as inductor

            assert inductor.deterministic
    finally:
        make_deterministic(wanted=False, compiles=compiles)
    assert not torch.are_deterministic_algorithms_enabled()
    assert torch.backends.cudnn.benchmark


@pytest.mark.parametrize(
    ("version", "wrong"),
    [
        ("2.10.0", True),
        ("2.13.1", True),
        ("2.14.0a0+git1234", True),
        ("2.14.0", False),
        ("2.15.0+cpu", False),
    ],
)
def test_an_old_torch_computes_wrongly_on_apples_cards_alone(version: str, wrong: bool) -> None:
    assert miscomputes(torch.device("mps"), version=version) is wrong
    assert not any(miscomputes(torch.device(name), version=version) for name in ("cpu", "cuda:1"))


def test_channels_lie_last_where_that_is_wanted_and_right(monkeypatch: pytest.MonkeyPatch) -> None:
    card, spec = torch.device("mps"), default_spec()
    for wrong, layout in ((False, torch.channels_last), (True, torch.contiguous_format)):
        monkeypatch.setattr(device, "miscomputes", lambda _device, wrong=wrong: wrong)
        assert memory_layout(card, channels_last=True) is layout
        assert memory_layout(card, channels_last=False) is torch.contiguous_format
        assert ["Channels last is not used" in text for text in check_layout(spec, card)] == [True] * wrong


def test_images_are_cropped_on_the_processor_where_the_card_samples_them_wrongly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images = torch.randint(0, 256, (6, 3, 9, 7), dtype=torch.uint8)
    here = augment.resized_crops(images, Dice(0, 1, torch.arange(6)))
    monkeypatch.setattr(augment, "miscomputes", lambda place: place.type == "cuda")
    sampled: list[torch.Tensor] = []

    def noted(image: torch.Tensor, *more: Any, **named: Any) -> torch.Tensor:
        sampled.append(image)
        return grid_sample(image, *more, **named)

    grid_sample = augment.F.grid_sample
    monkeypatch.setattr(augment.F, "grid_sample", noted)
    with pretend_cards():
        found = augment.resized_crops(images.to("cuda:0"), Dice(0, 1, torch.arange(6), "cuda:0"))
        assert found.device == torch.device("cuda:0")
        assert torch.equal(found.cpu(), here)
    assert [image.device.type for image in sampled] == ["cpu"]
