"""Tiles are checked, or not, by a click or a drag over several of them."""

from typing import TYPE_CHECKING

from app.canvas.tools.tool import Tool
from resunet_core.box import Box
from resunet_core.mask.tile import TILE_PX

if TYPE_CHECKING:
    from resunet_core.mask.tiled import Key


class Check(Tool):
    """Turns the tile under the press; those of the drag become like it, in one step."""

    _start: "Key | None" = None
    _checked = True

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Begin at a tile; with Alt its check is taken back."""
        opened, key = self._session.opened, (int(y // TILE_PX), int(x // TILE_PX))
        if opened is None or opened.mask.model.tile_box(*key).is_empty or min(key) < 0:
            self._start = None
            return
        self._start = key
        self._checked = not erase and key not in opened.checked
        self.move(x, y)

    def move(self, x: float, y: float) -> None:
        """Reach over more tiles."""
        opened = self._session.opened
        if opened is None or self._start is None:
            return
        key = (int(y // TILE_PX), int(x // TILE_PX))
        top, bottom = sorted((self._start[0], key[0]))
        left, right = sorted((self._start[1], key[1]))
        tiles = Box(top, left, bottom + 1, right + 1)
        box = Box(*(side * TILE_PX for side in _sides(tiles)))
        self._view.set_area(box.clip(opened.photo.box))

    def release(self) -> None:
        """Check the tiles, or take their check back."""
        area, self._start = self._view.area, None
        self._view.set_area(None)
        if area is not None:
            self._session.set_checked(area, checked=self._checked)

    def abort(self) -> None:
        """Leave them as they are."""
        self._start = None
        self._view.set_area(None)


def _sides(box: Box) -> tuple[int, int, int, int]:
    return (box.top, box.left, box.bottom, box.right)
