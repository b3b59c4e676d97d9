"""Errors that a person reads: what is wrong, and what to do about it."""

from pathlib import Path


class CaihuaError(Exception):
    """An expected failure, worded for the person at the screen.

    Args:
        message: What is wrong, with the value that was wrong, as one sentence.
        hint: What to do about it, as one sentence; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class UnreadablePhoto(CaihuaError):  # noqa: N818 - named after what the person sees
    """A photo cannot be opened: missing, truncated, too large, or no picture."""


class BadModelFile(CaihuaError):  # noqa: N818 - named after what the person sees
    """A model file is truncated, of another kind, or not a model at all."""


class BadAnnotation(CaihuaError):  # noqa: N818 - named after what the person sees
    """A label file or mask does not say what its format demands."""


class BadProject(CaihuaError):  # noqa: N818 - named after what the person sees
    """A project file cannot be opened or written."""


class DamagedProject(BadProject):
    """Something in a project file is not what was written there.

    Args:
        path: Of the project.
        message: What is wrong.
        hint: What to do about it.
    """

    def __init__(self, path: Path, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.path = path


class BadData(CaihuaError):  # noqa: N818 - named after what the person sees
    """A folder of training or evaluation data is incomplete or contradictory."""


class DownloadFailed(CaihuaError):  # noqa: N818 - named after what the person sees
    """A file that the person asked for could not be fetched from the network."""


class DeviceUnavailable(CaihuaError):  # noqa: N818 - named after what the person sees
    """The device asked for is not there, or has too little memory."""


class WrongUsage(CaihuaError):  # noqa: N818 - named after what the person sees
    """A command was called with values that do not fit together."""
