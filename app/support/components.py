"""The libraries that the program is built on, with their versions and licences."""

import importlib.metadata
import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST = 60  # some put the whole text of a licence where its name belongs
_CLASSIFIER = "License :: "


@dataclass(frozen=True)
class Component:
    """A library, and under which licence it comes."""

    name: str
    version: str
    licence: str


def components() -> list[Component]:
    """What the program itself asks for and is installed here, by name."""
    try:
        wanted = importlib.metadata.requires("caihua") or []
    except importlib.metadata.PackageNotFoundError:
        wanted = []
    names = {
        found[0]
        for line in wanted
        if "extra ==" not in line and (found := _NAME.match(line)) is not None
    }
    made = [one for name in names if (one := _component(name)) is not None]
    return sorted(made, key=lambda one: one.name.casefold())


def _component(name: str) -> Component | None:
    try:
        found = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    said = (*found.get_all("License-Expression", ()), *found.get_all("License", ()))
    licence = next(iter(said), "")
    if not licence or len(licence) > _LONGEST or "\n" in licence:
        kinds = [
            one.rpartition(" :: ")[2]
            for one in found.get_all("Classifier", ())
            if one.startswith(_CLASSIFIER)
        ]
        licence = ", ".join(kinds) or licence.partition("\n")[0][:_LONGEST]
    return Component(found["Name"], found["Version"], licence)
