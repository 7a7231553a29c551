"""Starts ResNet Studio from a checkout: hands over to resnet_studio.cli."""

import sys

from resnet_studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
