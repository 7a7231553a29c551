"""What a device is asked and told, where it can be known without one."""

import pytest
import torch

from resnet_studio.engine.device import is_out_of_memory, make_deterministic


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
