"""What a run's run.json says: when it was made, its settings, its first weights. Read strictly, written whole; knows nothing else of the folder.

Format 2 says which weights the network began with; format 1 knew only fresh ones.
"""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.design.limits import MAX_FILE_BYTES
from resnet_studio.language import tr
from resnet_studio.runs.initial import Initial, initial_from, initial_to
from resnet_studio.runs.spec import TrainSpec, spec_from, spec_to

FORMAT = 2
# The origin of initial weights stands in it, a whole design.
_MAX_BYTES = 2 * MAX_FILE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What run.json says; `initial` is None where the weights were fresh, `created` is in UTC."""

    created: datetime
    spec: TrainSpec
    initial: Initial | None


def write_about(path: Path, spec: TrainSpec, initial: Initial | None) -> None:
    """Write the file of a run that is made now.

    Raises:
        StudioError: the disk does not take it.
    """
    about = {
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "spec": spec_to(spec),
        "initial": None if initial is None else initial_to(initial),
    }
    write_atomically(path, (json.dumps(about, indent=1) + "\n").encode())


def read_about(path: Path) -> About:
    """What the file says.

    Raises:
        StudioError: it is missing or broken, or says what no run can be.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StudioError(tr("{path} is not a regular file.", path=path))
        with path.open("rb") as file:
            value = json.loads(file.read(_MAX_BYTES).decode())
    except OSError as error:
        raise StudioError(
            tr("{path} could not be read ({reason}).", path=path, reason=error.strerror)
        ) from error
    except (ValueError, RecursionError) as error:
        raise StudioError(
            tr("{path} is not JSON.", path=path), tr("It was damaged: start a new run.")
        ) from error
    try:
        return _about_from(value)
    except StudioError as error:
        raise StudioError(f"{path}: {error.what}", error.remedy) from error


def _about_from(value: object) -> About:
    value = _migrated(value)
    if value.keys() != {"format", "created", "spec", "initial"}:
        raise StudioError(tr("It does not describe a run."))
    try:
        created = datetime.fromisoformat(value["created"])
        if created.tzinfo is None:  # times with and without a zone cannot be put in order
            raise ValueError(tr("it names no zone"))
    except (TypeError, ValueError) as error:
        raise StudioError(tr("It has no valid time of creation.")) from error
    initial = None if value["initial"] is None else initial_from(value["initial"])
    return About(created=created, spec=spec_from(value["spec"]), initial=initial)


def _migrated(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or "format" not in value:
        raise StudioError(tr("It does not describe a run."))
    version = value["format"]
    # Not `in` alone: true and 1.0 are equal to 1.
    if type(version) is not int or version not in (1, FORMAT):
        raise StudioError(
            tr(
                "It has format {version}; this ResNet Studio reads up to format {format}.",
                version=str(version)[:20],
                format=FORMAT,
            ),
            tr("Open it with a newer ResNet Studio."),
        )
    if version == 1 and "initial" not in value:
        return value | {"format": FORMAT, "initial": None}
    return value
