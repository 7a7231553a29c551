"""The speed of training: a run's own loop against hand-written ones, on the processor and, where there is one, on a graphics card.

Images are noise, of CIFAR's shape and on a card of ImageNet's too; what is timed are steps behind the first ones, events and their file included, validation and checkpoints
left out on both sides. On a graphics card also against data already there, and against torchvision's reference recipe.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.measure import Result, alternately
from resnet_studio.analysis.plan import Plan
from resnet_studio.design.presets import preset
from resnet_studio.engine.build import build, sound_plan
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.images import DataSet, MemoryImages
from resnet_studio.engine.device import cpu_count, make_deterministic, multiplies_bf16, work_on
from resnet_studio.engine.threads import use_sensible_threads
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.loop import train
from resnet_studio.engine.training.optimizer import make_optimizer
from resnet_studio.engine.training.state import State, make_scaler
from resnet_studio.runs.event_file import EventFile
from resnet_studio.runs.events import Step, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec, default_spec

EQUAL, PLAIN, RESIDENT, REFERENCE = 1.0, 1.8, 0.95, 1.3
# Two equal loops differ by so much from one measurement to the next.
NOISE = 0.02
WARM, TIMES = 2, 5
MEAN, STD = (0.491, 0.482, 0.447), (0.247, 0.243, 0.262)


@dataclass(frozen=True, slots=True)
class Case:
    """What is trained: a preset for square images, and how many steps are timed."""

    network: str
    size: int
    batch: int
    steps: int

    @property
    def images(self) -> int:
        """As many as all steps take."""
        return self.batch * (self.steps + WARM)


ON_PROCESSOR = Case("cifar_resnet20", 32, 128, 20)
# Small images are launched no faster than Python can; large ones keep the card busy.
SMALL, LARGE = Case("resnet18", 32, 512, 60), Case("resnet50", 224, 128, 30)

# A loop that does one step each time it is asked.
Steps = Generator[None, None, None]


def _noise(case: Case) -> DataSet:
    dice = torch.Generator().manual_seed(0)
    shape = (3, case.size, case.size)
    images = torch.randint(0, 256, (case.images, *shape), dtype=torch.uint8, generator=dice)
    split = MemoryImages(images, torch.randint(0, 10, (case.images,), generator=dice))
    names = tuple(str(number) for number in range(10))
    return DataSet(
        name="cifar10", title="noise", classes=names, shape=shape, train=split, val=split, mean=MEAN, std=STD
    )  # fmt: skip


def _plan(case: Case) -> Plan:
    design = preset(case.network)
    design = replace(design, input=replace(design.input, channels=3, height=case.size, width=case.size))
    assert design.head is not None
    return sound_plan(replace(design, head=replace(design.head, classes=10)))


def _spec(device: torch.device, batch: int, precision: str) -> TrainSpec:
    spec = replace(default_spec("cifar10"), batch_size=batch, epochs=1, nesterov=True)
    return replace(spec, device=device.type, precision=precision)


def _ours(plan: Plan, data: DataSet, spec: TrainSpec, device: torch.device) -> Steps:
    """A run, a step at a time, its events told and kept."""
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder.create(plan.design, spec, Path(folder))
        feeder = Feeder(data, spec, plan.design.input, device)
        use_sensible_threads(plan, feeder.batch_size, device)
        network = build(plan).to(device).to(memory_format=torch.channels_last)
        state = State(network, make_optimizer(network, spec), make_scaler(spec, device))
        file, told = EventFile(run), 0
        with closing(train(Job(run, spec, feeder, device, state, {}))) as events:  # type: ignore[type-var]
            for event in events:
                file.append(event)
                encode(event)
                if isinstance(event, Step):
                    told += 1
                    yield
                    if told == feeder.steps_per_epoch:
                        break
        file.close()


def _varied(images: Tensor) -> Tensor:
    """What a tight script does to a batch of bytes: a shift for each of 81 groups of images, and a mirror."""
    count, edge = len(images), images.shape[-1]
    padded = F.pad(images, (4, 4, 4, 4))
    shifts = torch.randint(0, 9, (count, 2), device=images.device)
    out = torch.empty_like(images)
    for top in range(9):
        for left in range(9):
            which = (shifts[:, 0] == top) & (shifts[:, 1] == left)
            out[which] = padded[which][:, :, top : top + edge, left : left + edge]
    flip = (torch.rand(count, device=images.device) < 0.5)[:, None, None, None]
    return torch.where(flip, out.flip(-1), out)


def _by_hand(
    network: nn.Module,
    batches: Iterator[tuple[Tensor, Tensor]],
    *,
    fused: bool,
    precision: str,
    watch: bool = True,
) -> Steps:
    """A loop as one writes it for this alone, a step at a time."""
    device = next(network.parameters()).device
    optimizer = torch.optim.SGD(
        network.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4, fused=fused
    )
    dtype = {"bf16": torch.bfloat16}.get(precision)
    for images, labels in batches:
        with torch.autocast(device.type, dtype=dtype, enabled=dtype is not None):
            loss = F.cross_entropy(network(images), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if watch:
            loss.item()
        yield


def _step_by_step(ours: Steps, theirs: Steps) -> tuple[float, float]:
    """Median seconds of a step of either, taken in turn: whatever else this machine does hits both alike."""
    taken: list[tuple[float, float]] = []
    for _ in range(ON_PROCESSOR.steps + WARM):
        began = time.perf_counter()
        next(ours)
        between = time.perf_counter()
        next(theirs)
        taken.append((between - began, time.perf_counter() - between))
    counted = taken[WARM:]
    return statistics.median(mine for mine, _ in counted), statistics.median(other for _, other in counted)


def _at_once(steps: Steps, device: torch.device) -> float:
    """Seconds of a step, the whole loop through."""
    for _ in range(WARM):
        next(steps)
    _wait(device)
    began = time.perf_counter()
    count = sum(1 for _ in steps)
    _wait(device)
    return (time.perf_counter() - began) / count


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _gathered(
    data: DataSet, device: torch.device, batch: int, layout: torch.memory_format
) -> Iterator[tuple[Tensor, Tensor]]:
    assert isinstance(data.train, MemoryImages)
    images, labels = data.train.images.to(device), data.train.labels.to(device)
    mean, std = (255 * torch.tensor(value, device=device).reshape(1, 3, 1, 1) for value in (MEAN, STD))
    order = torch.randperm(len(labels), device=device)
    for chosen in torch.split(order, batch):
        yield (
            ((_varied(images[chosen]).float() - mean) / std).contiguous(memory_format=layout),
            labels[chosen],
        )


def _tight(plan: Plan, data: DataSet, spec: TrainSpec, device: torch.device) -> Steps:
    network = build(plan).to(device).to(memory_format=torch.channels_last).train()
    batches = _gathered(data, device, spec.batch_size, torch.channels_last)
    return _by_hand(network, batches, fused=True, precision=spec.precision)


def _plain(plan: Plan, data: DataSet, spec: TrainSpec, device: torch.device) -> Steps:
    network = build(plan).to(device).train()
    batches = _gathered(data, device, spec.batch_size, torch.contiguous_format)
    return _by_hand(network, batches, fused=False, precision="float32")


def _resident(plan: Plan, data: DataSet, spec: TrainSpec, device: torch.device) -> Steps:
    """The network alone: one batch that is there already, again and again, and nobody looks at the loss."""
    network = build(plan).to(device).to(memory_format=torch.channels_last).train()
    batch = next(_gathered(data, device, spec.batch_size, torch.channels_last))
    steps = len(data.train) // spec.batch_size
    return _by_hand(network, iter([batch] * steps), fused=True, precision=spec.precision, watch=False)


def _reference(plan: Plan, data: DataSet, spec: TrainSpec, device: torch.device) -> Steps:
    """As torchvision's reference script trains: images one by one through its transforms in loader processes, then mixed precision."""
    from torch.utils.data import DataLoader, Dataset
    from torchvision.transforms import v2

    assert isinstance(data.train, MemoryImages)
    images, labels = data.train.images, data.train.labels
    vary = v2.Compose(
        [
            v2.ToPILImage(), v2.RandomCrop(32, padding=4), v2.RandomHorizontalFlip(), v2.PILToTensor(),
            v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD), v2.ToPureTensor(),
        ]
    )  # fmt: skip

    class Files(Dataset[tuple[Tensor, int]]):
        def __len__(self) -> int:
            return len(labels)

        def __getitem__(self, index: int) -> tuple[Tensor, int]:
            return vary(images[index]), int(labels[index])

    loader = DataLoader(
        Files(), batch_size=spec.batch_size, shuffle=True, num_workers=min(16, cpu_count()), pin_memory=device.type == "cuda"
    )  # fmt: skip
    network = build(plan).to(device).train()
    batches = ((x.to(device, non_blocking=True), y.to(device, non_blocking=True)) for x, y in loader)
    return _by_hand(network, batches, fused=False, precision=spec.precision)


def _result(
    what: str, reference: str, pair: tuple[float, float], goal: float, *, images: int, note: str = ""
) -> Result:
    """A line of the table; with a note that says why there is none, the goal does not count."""
    ours, theirs = (images / seconds for seconds in pair)
    ratio = ours / theirs
    return Result(
        what=what, reference=reference, ours=ours, theirs=theirs, ratio=ratio, unit="images/s",
        goal=note or f">= {goal:g} times, to {NOISE:.0%}", met=None if note else ratio >= goal - NOISE,
    )  # fmt: skip


def _on_processor() -> list[Result]:
    device = torch.device("cpu")
    case = ON_PROCESSOR
    plan, data = _plan(case), _noise(case)
    float32, bf16 = (_spec(device, case.batch, precision) for precision in ("float32", "bf16"))

    def beside(spec: TrainSpec, theirs: Callable[..., Steps]) -> tuple[float, float]:
        ours = _ours(plan, data, spec, device)
        with closing(ours), closing(theirs(plan, data, spec, device)) as others:
            return _step_by_step(ours, others)

    what = f"training {case.network}, CPU, batch {case.batch}"
    equal, plain = "a tight loop of equal settings", "a plain float32 loop"
    lines = [
        _result(f"{what}, float32", equal, beside(float32, _tight), EQUAL, images=case.batch),
        _result(f"{what}, float32", plain, beside(float32, _plain), PLAIN, images=case.batch, note="no goal"),
    ]
    if multiplies_bf16():
        lines.append(_result(f"{what}, bf16", plain, beside(bf16, _plain), PLAIN, images=case.batch))
    else:
        lines.append(_absent(f"{what}, bf16", plain, f">= {PLAIN:g} times: this processor has no bf16"))
    return lines


def _on_card() -> list[Result]:
    resident = ("the network alone on data already there", _resident, RESIDENT)
    reference = ("torchvision's reference recipe", _reference, REFERENCE)
    return [
        *(_beside_on_card(SMALL, *other) for other in (resident, reference)),
        _beside_on_card(LARGE, *resident),
    ]


def _beside_on_card(case: Case, name: str, theirs: Callable[..., Steps], goal: float) -> Result:
    what = f"training {case.network} at {case.size}x{case.size}, GPU, batch {case.batch}, bf16"
    if not torch.cuda.is_available():
        return _absent(what, name, f">= {goal:g} times: no GPU here")
    device = torch.device("cuda:0")
    work_on(device)
    make_deterministic(wanted=False)
    plan, data = _plan(case), _noise(case)
    spec = _spec(device, case.batch, "bf16")
    pair = alternately(
        lambda: _at_once(_ours(plan, data, spec, device), device),
        lambda: _at_once(theirs(plan, data, spec, device), device),
        times=TIMES,
    )
    return _result(what, name, pair, goal, images=case.batch)


def _absent(what: str, reference: str, goal: str) -> Result:
    return Result(what=what, reference=reference, ours=0.0, theirs=0.0, ratio=0.0, goal=goal, unit="images/s")


def measure() -> list[Result]:
    """Images a second, in turn."""
    return _on_processor() + _on_card()
