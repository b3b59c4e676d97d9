"""An engine under a stop-watch."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from resunet_core.inference.engine import Engine, EngineUse, Planes
from resunet_core.model.config import ModelConfig
from resunet_core.model.likeness import Floats, LikenessStatistics
from resunet_core.model.model_file import ModelInfo

T = TypeVar("T")


class WatchedEngine:
    """An engine that says how long it computed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.seconds = 0.0

    @property
    def info(self) -> ModelInfo:
        """What the model file says."""
        return self._engine.info

    @property
    def config(self) -> ModelConfig:
        """What it says about the network."""
        return self._engine.config

    @property
    def likeness(self) -> LikenessStatistics | None:
        """What tells photos apart that the model knows nothing of."""
        return self._engine.likeness

    @property
    def use(self) -> EngineUse:
        """What computes."""
        return self._engine.use

    @property
    def notice(self) -> str:
        """Why this is not the engine that would be taken first."""
        return self._engine.notice

    @property
    def batch(self) -> int:
        """Tiles that it wants at once."""
        return self._engine.batch

    def __call__(self, tiles: NDArray[np.uint8]) -> Planes:
        """The engine's own, timed."""
        return self._timed(lambda: self._engine(tiles))

    def look(self, tiles: NDArray[np.uint8]) -> tuple[Planes, Sequence[Floats]]:
        """The engine's own, timed."""
        return self._timed(lambda: self._engine.look(tiles))

    def _timed(self, act: Callable[[], T]) -> T:
        began = time.perf_counter()
        found = act()
        self.seconds += time.perf_counter() - began
        return found
