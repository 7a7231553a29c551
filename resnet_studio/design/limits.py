"""The bounds of what may be drawn, so that no file and no gesture asks for the impossible. Knows nothing else."""

from __future__ import annotations

MAX_CHANNELS = 65_536
MAX_BLOCKS = 2_048
MAX_STAGES = 64
MAX_KERNEL = 31
MAX_STRIDE = 8
MAX_DILATION = 32
MAX_RATE = 0.95
MAX_IMAGE = 4_096
MAX_CLASSES = 65_536
MAX_NAME = 64
MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_PARAMS = 2**33
