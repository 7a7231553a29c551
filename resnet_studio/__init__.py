"""ResNet Studio: draw, understand, train and export residual networks. The package itself imports nothing."""

__version__ = "0.1.0"
