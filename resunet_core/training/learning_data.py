"""What a learning from corrections is ordered to do, and what it works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from resunet_core.model.model_file import LoadedModel
from resunet_core.training.crops import CropStream, pack_source
from resunet_core.training.judge import Window, windows_of
from resunet_core.training.look import OWN, WATCH
from resunet_core.training.order import TrainingOrder
from resunet_core.training.pack import Pack
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.split import Split
from resunet_core.training.verdict import CHECK, LOCKED

REPLAY_SCALES = (0.9, 1.1)
REPLAY_DAMAGED = 0.5


@dataclass(frozen=True)
class LearningOrder:
    """One learning from corrections.

    Attributes:
        training: Data, base, course and file; of its `split` where no folder says it.
        champion: Name or file of the model that the new one is compared with.
        show: Pictures on which both models are shown side by side, without truth.
        finish_now: Learn nothing more: judge what a learning cut short had reached.
    """

    training: TrainingOrder
    champion: str
    show: tuple[Path, ...] = ()
    finish_now: bool = False


@dataclass(frozen=True)
class LearningData:
    """What a learning works with, read and checked.

    Attributes:
        own: The person's pictures.
        way: Which of them teach and which judge.
        replay: Generated pictures to remember by.
        watch: Generated pictures to look at meanwhile.
        check: Generated pictures to judge by.
        base: The model that learns.
        plan: Its course on this device.
    """

    own: Pack
    way: Split
    replay: Pack
    watch: Pack
    check: Pack
    base: LoadedModel
    plan: TrainingPlan

    def windows(self, side_px: int, most: Mapping[str, int]) -> dict[str, list[Window]]:
        """Of each set, so many pixels at most."""
        numbers = {
            OWN: (self.own, self.way.train),
            LOCKED: (self.own, self.way.validation),
            WATCH: (self.watch, tuple(range(len(self.watch.pictures)))),
            CHECK: (self.check, tuple(range(len(self.check.pictures)))),
        }
        return {
            name: windows_of(*numbers[name], side_px=side_px, most_px=px)
            for name, px in most.items()
        }


def learning_stream(order: TrainingOrder, ready: LearningData) -> CropStream:
    """Crops of the taught pictures, and so many of the replayed ones as ordered."""
    how = order.how
    sources = [
        pack_source(packed, numbers, scales=scales, damaged_share=share, weight=weight)
        for packed, numbers, scales, share, weight in (
            (ready.own, ready.way.train, how.scales, how.damaged_share, 1 - how.replay),
            (
                ready.replay,
                tuple(range(len(ready.replay.pictures))),
                REPLAY_SCALES,
                REPLAY_DAMAGED,
                how.replay,
            ),
        )
        if weight > 0
    ]
    return CropStream(
        sources,
        how.crop_px,
        ready.plan.seed,
        augmentation=how.augmentation,
        expand=how.expand,
        paste=how.paste,
    )
