"""What a model is apart from its weights: everything needed to use it rightly."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.errors import BadModelFile

FORMAT_VERSION = 1


@dataclass(frozen=True)
class ModelConfig:
    """Architecture, classes, preprocessing, defaults and figures of one model.

    Attributes:
        architecture: A name of the architecture registry.
        classes: Keys of the defect classes, in the order of the network's outputs;
            output 0 is always sound paint and is not listed.
        tile_px: Side of the square tile the network looks at, context included.
        context_px: Pixels at each inner tile edge whose output is thrown away.
        ramp_px: Pixels over which neighbouring tiles fade into each other.
        thresholds: Probability from which a pixel is given the class, per class key.
        min_area_px: Regions with fewer pixels are dropped, per class key.
        temperature: Divides the logits before the softmax (Guo et al. 2017), so
            that a probability means a frequency.
        mm_per_px: Range of scales the training photos had; None when unknown.
        data_hash: SHA-256 over the names and bytes of the training data.
        lineage: Where the weights came from, oldest first.
        figures: Per validation set and class, what `caihua evaluate` printed.
        notes: What a person must know before trusting it.
    """

    architecture: str
    classes: tuple[str, ...] = DEFAULT_CLASSES.keys
    tile_px: int = 1024
    context_px: int = 48
    ramp_px: int = 288
    thresholds: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(DEFAULT_CLASSES.keys, 0.5)
    )
    min_area_px: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(DEFAULT_CLASSES.keys, 0)
    )
    temperature: float = 1.0
    mm_per_px: tuple[float, float] | None = None
    data_hash: str = ""
    lineage: tuple[str, ...] = ()
    figures: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """Channels of the network's output: sound paint and each defect class."""
        return len(self.classes) + 1

    def scale_in_range(self, mm_per_px: float | None) -> bool | None:
        """Whether training photos had this scale; None where one is not known."""
        if mm_per_px is None or self.mm_per_px is None:
            return None
        low, high = self.mm_per_px
        return low <= mm_per_px <= high

    def to_json(self) -> str:
        """The configuration as the JSON text kept in a model file."""
        return json.dumps({"format": FORMAT_VERSION, **asdict(self)}, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> "ModelConfig":
        """Read what `to_json` wrote; keys of newer versions are ignored.

        Raises:
            BadModelFile: It is no such JSON, or a value is out of its range.
        """
        try:
            raw = json.loads(text)
            known = {k: raw[k] for k in ModelConfig.__dataclass_fields__ if k in raw}
            for name in ("classes", "lineage", "notes"):
                known[name] = tuple(known.get(name, ()))
            if known.get("mm_per_px") is not None:
                low, high = known["mm_per_px"]
                known["mm_per_px"] = (float(low), float(high))
            config = ModelConfig(**known)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadModelFile(
                "The model file's description cannot be read.",
                "Get the model again from where it came.",
            ) from error
        config.validate()
        return config

    @property
    def _tiles_fit(self) -> bool:
        """Whether tiles step by a multiple of 32 px, and no three of them meet."""
        overlap = 2 * self.context_px + self.ramp_px
        step = self.tile_px - overlap
        return (
            min(self.context_px, self.ramp_px) >= 0
            and step >= overlap
            and step % 32 == 0
        )

    def validate(self) -> None:
        """Refuse values that cannot work.

        Raises:
            BadModelFile: Names the value.
        """
        problem = ""
        if not self.classes or len(set(self.classes)) != len(self.classes):
            problem = f"its classes are {list(self.classes)}"
        elif self.tile_px % 32 or not 64 <= self.tile_px <= 8192:
            problem = f"its tile size is {self.tile_px} px"
        elif not self._tiles_fit:
            problem = f"its tiles overlap by {2 * self.context_px + self.ramp_px} px"
        elif set(self.thresholds) != set(self.classes):
            problem = f"its thresholds are {self.thresholds}"
        elif not self.temperature > 0:
            problem = f"its temperature is {self.temperature}"
        if problem:
            raise BadModelFile(
                f"The model file does not fit together: {problem}.",
                "Get the model again from where it came.",
            )
