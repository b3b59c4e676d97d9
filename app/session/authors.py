"""Who changes a mask: the person at this computer, or a model."""

import getpass
import os

from resunet_core.project.store import Detection, Who


def this_person() -> Who:
    """The person whose account this is; nameless where the system tells no name."""
    try:
        return Who("person", getpass.getuser())
    except (OSError, KeyError):  # no such account, as in some containers
        return Who("person", os.environ.get("USERNAME", ""))


def model_of(detection: Detection) -> Who:
    """The author of what a detection found."""
    return Who("model", detection.model_name, detection.model_sha256)


ME = this_person()
