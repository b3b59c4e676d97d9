"""What other people call our defect classes, in English and in Chinese."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from resunet_core.defects import (
    CRAQUELURE,
    DEFAULT_CLASSES,
    IGNORE_ID,
    PAINT_LOSS,
    SOUND_ID,
    DefectClasses,
)
from resunet_core.errors import BadAnnotation, WrongUsage

OURS_BESIDE_CLASSES = {"background": SOUND_ID, "ignore": IGNORE_ID}
"""What may stand right of `--map THEIRS=` besides the classes."""

SPECIAL = {
    "_background_": SOUND_ID,  # what LabelMe's own exporters call sound paint
    "__background__": SOUND_ID,
    "background": SOUND_ID,
    "sound": SOUND_ID,
    "背景": SOUND_ID,
    "__ignore__": IGNORE_ID,  # and what shall not count
    "ignore": IGNORE_ID,
    "忽略": IGNORE_ID,
}
SYNONYMS = {
    CRAQUELURE.key: (
        *("crack", "cracks", "cracking", "craquelures", "crazing", "fissure"),
        *("裂缝", "裂隙", "裂纹", "开裂", "龟裂纹", "颜料层龟裂"),
    ),
    PAINT_LOSS.key: (
        *("loss", "losses", "paint losses", "lacuna", "lacunae", "flaking"),
        *("peeling", "detachment", "脱落", "剥落", "缺失", "颜料脱落", "颜料层剥落"),
    ),
}


@dataclass(frozen=True)
class LabelNames:
    """Which class id a label of a file means; compared without regard to case.

    Attributes:
        ids: Class id by folded name.
        classes: The classes in use.
    """

    ids: Mapping[str, int]
    classes: DefectClasses = field(default=DEFAULT_CLASSES)

    def id_of(self, label: str) -> int | None:
        """The class id of a label, None where it is not known."""
        return self.ids.get(fold(label))

    @property
    def known(self) -> str:
        """The names of the classes as a sentence lists them."""
        return ", ".join(self.classes.keys)


def fold(label: str) -> str:
    """A label as it is compared: no case, `_` and `-` as spaces, single spaces."""
    plain = label.casefold().replace("_", " ").replace("-", " ")
    return " ".join(plain.split()) or label


def label_names(
    classes: DefectClasses = DEFAULT_CLASSES,
    mapping: Mapping[str, str] | None = None,
) -> LabelNames:
    """The names of the classes, what others call them, and what a person says.

    Args:
        classes: In use.
        mapping: Class key, `background` or `ignore` by label of theirs; wins.

    Raises:
        WrongUsage: The mapping names a class that there is not.
    """
    ids = {fold(name): class_id for name, class_id in SPECIAL.items()}
    for defect in classes:
        names = (defect.key, defect.name_en, defect.name_zh)
        for name in (*SYNONYMS.get(defect.key, ()), *names):
            ids[fold(name)] = defect.id
    ours = {fold(key): class_id for key, class_id in OURS_BESIDE_CLASSES.items()}
    for defect in classes:
        for name in (defect.key, defect.name_en, defect.name_zh):
            ours[fold(name)] = defect.id
    for theirs, own in (mapping or {}).items():
        if fold(own) not in ours:
            raise WrongUsage(
                f"There is no class {own!r} to map {theirs!r} to.",
                f"Name one of {', '.join((*classes.keys, *OURS_BESIDE_CLASSES))}.",
            )
        ids[fold(theirs)] = ours[fold(own)]
    return LabelNames(ids, classes)


def parse_mapping(texts: Iterable[str]) -> dict[str, str]:
    """The mapping that `--map THEIRS=OURS` gives, each as one text.

    Raises:
        WrongUsage: A text is not of that form.
    """
    mapping = {}
    for text in texts:
        theirs, found, ours = text.rpartition("=")
        if not found or not theirs.strip() or not ours.strip():
            raise WrongUsage(
                f"{text!r} is no mapping.", "Write THEIRS=OURS, as in crack=craquelure."
            )
        mapping[theirs.strip()] = ours.strip()
    return mapping


class UnknownLabels(BadAnnotation):
    """Labels whose meaning only the person knows; all of them are named.

    Args:
        where: The file, or how many files.
        labels: As the file has them.
        names: What is known.
    """

    def __init__(self, where: str, labels: Iterable[str], names: LabelNames) -> None:
        self.labels = tuple(sorted(set(labels)))
        shown = ", ".join(repr(_short(label)) for label in self.labels[:20])
        hidden = len(self.labels) - 20
        more = f" and {hidden} more" if hidden > 0 else ""
        many = "labels that are" if len(self.labels) > 1 else "a label that is"
        super().__init__(
            f"{where} has {many} not known: {shown}{more}.",
            "Say what each means, as in --map THEIRS=OURS; ours are "
            f"{names.known}, background and ignore.",
        )


def _short(label: str) -> str:
    return label if len(label) <= 40 else f"{label[:39]}…"
