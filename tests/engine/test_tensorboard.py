"""TensorBoard's files of real runs, read with protobuf by TensorFlow's own field numbers."""

import struct
from pathlib import Path
from typing import Any

import pytest
import torch
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from resnet_studio.runs.events import Epoch, Finished, Notice, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.tensorboard import FOLDER, crc32c, record
from tests.engine.train_helpers import new_run, train_here

torch.set_num_threads(1)


def _event_class() -> Any:
    """The messages of tensorflow/core/util/event.proto and framework/summary.proto, as far as scalars need them."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="tf", syntax="proto3")
    fields = {
        "Value": [("tag", 1, kinds.TYPE_STRING, ""), ("simple_value", 2, kinds.TYPE_FLOAT, "")],
        "Summary": [("value", 1, kinds.TYPE_MESSAGE, ".tf.Value")],
        "SessionLog": [("status", 1, kinds.TYPE_INT32, "")],
        "Event": [
            ("wall_time", 1, kinds.TYPE_DOUBLE, ""), ("step", 2, kinds.TYPE_INT64, ""), ("file_version", 3, kinds.TYPE_STRING, ""),
            ("summary", 5, kinds.TYPE_MESSAGE, ".tf.Summary"), ("session_log", 7, kinds.TYPE_MESSAGE, ".tf.SessionLog"),
        ],
    }  # fmt: skip
    for message, parts in fields.items():
        made = file.message_type.add(name=message)
        for name, number, kind, of in parts:
            field = made.field.add(name=name, number=number, type=kind, label=kinds.LABEL_OPTIONAL)
            if of:
                field.type_name = of
            if name == "value":
                field.label = kinds.LABEL_REPEATED
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("tf.Event"))


EVENT = _event_class()


def messages(path: Path) -> list[Any]:
    """The events of one file; every length and checksum must hold to its very end."""
    data, found, at = path.read_bytes(), [], 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        body = data[at + 12 : at + 12 + length]
        assert record(body) == data[at : at + 16 + length]
        found.append(EVENT.FromString(body))
        at += 16 + length
    return found


def scalars(run: RunFolder) -> dict[str, dict[int, float]]:
    """Tag to step to value, as a reader has them that heeds the starts."""
    told: dict[str, dict[int, float]] = {}
    for path in sorted((run.path / FOLDER).iterdir()):
        first, *rest = messages(path)
        assert first.file_version == "brain.Event:2"
        for event in rest:
            if event.HasField("session_log"):
                assert event.session_log.status == 1
                told = {
                    tag: {s: v for s, v in values.items() if s < event.step} for tag, values in told.items()
                }
            for value in event.summary.value:
                told.setdefault(value.tag, {})[event.step] = value.simple_value
    return told


def wanted(run: RunFolder) -> dict[str, dict[int, float]]:
    steps = [event for event in run.events() if isinstance(event, Step)]
    epochs = [event for event in run.events() if isinstance(event, Epoch)]
    return {
        "loss/training": {event.step: event.loss for event in steps},
        "accuracy/training": {event.step: event.accuracy for event in steps},
        "learning_rate": {event.step: event.lr for event in steps},
        "images_per_second": {event.step: event.images_per_second for event in steps},
        "loss/validation": {event.step: event.val_loss for event in epochs},
        "accuracy/validation": {event.step: event.val_accuracy for event in epochs},
        "accuracy/validation_top5": {
            event.step: event.val_top5 for event in epochs if event.val_top5 is not None
        },
    }


@pytest.mark.parametrize(
    ("data", "sum_"), [(b"123456789", 0xE3069283), (bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43), (bytes(range(32)), 0x46DD794E)]
)  # fmt: skip
def test_checksums_are_those_of_rfc_3720(data: bytes, sum_: int) -> None:
    assert crc32c(data) == sum_


def test_a_run_that_was_stopped_and_resumed_has_its_own_curves(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=3)
    train_here(run, stop_after=17)
    assert isinstance(train_here(run)[-1], Finished)
    assert len(list((run.path / FOLDER).iterdir())) == 2
    told, right = scalars(run), wanted(run)
    assert told.keys() == right.keys()
    for tag, values in right.items():
        assert told[tag] == pytest.approx(values, rel=1e-6), tag


def test_a_run_goes_on_where_they_cannot_be_written_and_says_so_once(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=1)
    (run.path / FOLDER).write_bytes(b"in the way")
    said = train_here(run)
    assert isinstance(said[-1], Finished)
    assert len([e for e in said if isinstance(e, Notice) and "TensorBoard" in e.text]) == 1
