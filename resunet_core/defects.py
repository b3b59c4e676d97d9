"""The vocabulary that masks, models, shapes and reports share."""

from collections.abc import Iterator
from dataclasses import dataclass

SOUND_ID = 0
IGNORE_ID = 255
"""In training masks: a pixel that neither teaches nor counts."""


@dataclass(frozen=True)
class DefectClass:
    """One kind of damage: its id in masks, its key in files, its names and colour."""

    id: int
    key: str
    name_en: str
    name_zh: str
    colour: tuple[int, int, int]  # sRGB, 0 to 255


@dataclass(frozen=True)
class DefectClasses:
    """The defect classes in use, in the order of their ids, without sound paint."""

    classes: tuple[DefectClass, ...]

    def __iter__(self) -> Iterator[DefectClass]:
        return iter(self.classes)

    def __len__(self) -> int:
        return len(self.classes)

    def by_id(self, class_id: int) -> DefectClass:
        """The class of an id; KeyError where none has it."""
        for defect in self.classes:
            if defect.id == class_id:
                return defect
        raise KeyError(class_id)

    def by_key(self, key: str) -> DefectClass:
        """The class of a key; KeyError where none has it."""
        for defect in self.classes:
            if defect.key == key:
                return defect
        raise KeyError(key)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys in the order of the ids."""
        return tuple(defect.key for defect in self.classes)


# Magenta and cyan are rare in the blue, green, red and gold of Qing palettes.
CRAQUELURE = DefectClass(1, "craquelure", "Craquelure", "龟裂", (255, 0, 200))
PAINT_LOSS = DefectClass(2, "paint_loss", "Paint loss", "颜料层脱落", (0, 215, 255))
DEFAULT_CLASSES = DefectClasses((CRAQUELURE, PAINT_LOSS))
BACKGROUND_KEY = "background"
