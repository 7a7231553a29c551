"""What a run has said, put into its folder as who trains it would; for tests that only read it. Knows no training."""

from resnet_studio.runs.event_file import EventFile
from resnet_studio.runs.events import Event
from resnet_studio.runs.folder import RunFolder


def say(run: RunFolder, *events: Event) -> None:
    """Add these events to the run's file."""
    file = EventFile(run)
    for event in events:
        file.append(event)
    file.close()
