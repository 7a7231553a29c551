"""Which named network a drawing is, or is nearest to, and where it differs."""

from resnet_studio.analysis.recognition.recognise import Recognition, exactly, nearest, recognise

__all__ = ["Recognition", "exactly", "nearest", "recognise"]
