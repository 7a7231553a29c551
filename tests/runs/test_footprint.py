"""What settings ask of a device's memory."""

from dataclasses import replace

from resnet_studio.runs.footprint import RESIDENT_BYTES, footprint
from resnet_studio.runs.spec import default_spec

SPEC = replace(default_spec("cifar10"), batch_size=100)


def test_a_batch_is_shared_by_the_devices_and_ends_with_the_data() -> None:
    assert footprint(SPEC, device="cpu")["batch"] == 100
    assert footprint(SPEC, device="cuda:0", devices=8)["batch"] == 13
    assert footprint(SPEC, device="cpu", train=40, val=400)["batch"] == 40


def test_data_counts_where_it_lives() -> None:
    found = footprint(SPEC, device="cuda:0", train=50_000, val=10_000, shape=(3, 32, 32))
    assert found["data"] == 60_000 * 3072
    assert found["on_card"]
    large = {"train": RESIDENT_BYTES // 3072 + 1, "shape": (3, 32, 32)}
    assert footprint(SPEC, device="cuda:0", **large)["data"] == 0  # type: ignore[arg-type]
    assert footprint(SPEC, device="cpu", **large)["data"] > RESIDENT_BYTES  # type: ignore[arg-type]
    folder = replace(default_spec("folder"), root="/pets")
    assert footprint(folder, device="cpu", train=10, shape=(3, 8, 8))["data"] == 0
