"""The command line: the same words and the same engine as the window. Knows arguments and terminals, nothing of networks.

Every command imports what it needs itself, so that `--help` loads neither Qt nor torch.
"""

from resnet_studio.cli.entry import main

__all__ = ["main"]
