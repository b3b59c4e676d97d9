"""How the overlays look: which, how strongly, in what manner."""

from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.session.hand import Hand
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses


class OverlayStyle(Enum):
    """How a class covers the paint."""

    FILL = "fill"
    OUTLINE = "outline"
    HATCH = "hatch"
    LINE = "line"  # centre lines of what is thin, outlines of the rest


class OverlayLayer(Enum):
    """What the overlays tell."""

    CLASSES = "classes"
    ORIGIN = "origin"
    HEAT = "heat"


class Looks(Hand):
    """Adds the overlays to what the person holds."""

    overlay_changed = Signal()
    peeking_changed = Signal()

    def __init__(
        self,
        classes: DefectClasses = DEFAULT_CLASSES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(classes, parent)
        self._visible = {defect.id: True for defect in classes}
        self._opacity = {defect.id: 0.6 for defect in classes}
        self._style = OverlayStyle.FILL
        self._layer = OverlayLayer.CLASSES
        self._peeking = False
        self._shows_scope = True
        self._shows_legend = True

    def is_visible(self, class_id: int) -> bool:
        """Whether the overlay of a class is switched on."""
        return self._visible[class_id]

    def set_visible(self, class_id: int, visible: bool) -> None:
        """Switch the overlay of a class on or off."""
        if visible != self._visible[class_id]:
            self._visible[class_id] = visible
            self.overlay_changed.emit()

    def is_solo(self, class_id: int) -> bool:
        """Whether a class is the only one that is switched on."""
        return all(seen == (key == class_id) for key, seen in self._visible.items())

    def toggle_solo(self, class_id: int) -> None:
        """Switch all other classes off, or all on again."""
        alone = self.is_solo(class_id)
        self._visible = {key: alone or key == class_id for key in self._visible}
        self.overlay_changed.emit()

    def opacity(self, class_id: int) -> float:
        """Opacity of the overlay of a class, 0 to 1."""
        return self._opacity[class_id]

    def set_opacity(self, class_id: int, opacity: float) -> None:
        """Set the opacity of the overlay of a class, 0 to 1."""
        if opacity != self._opacity[class_id]:
            self._opacity[class_id] = opacity
            self.overlay_changed.emit()

    @property
    def style(self) -> OverlayStyle:
        """How classes cover the paint."""
        return self._style

    def set_style(self, style: OverlayStyle) -> None:
        """Let classes cover the paint otherwise."""
        if style is not self._style:
            self._style = style
            self.overlay_changed.emit()

    @property
    def layer(self) -> OverlayLayer:
        """What the overlays tell."""
        return self._layer

    def set_layer(self, layer: OverlayLayer) -> None:
        """Let the overlays tell something else."""
        if layer is not self._layer:
            self._layer = layer
            self.overlay_changed.emit()

    @property
    def shows_scope(self) -> bool:
        """Whether is shown what is out of scope or cannot be assessed."""
        return self._shows_scope

    def set_shows_scope(self, *, shown: bool) -> None:
        """Show what is not assessed, or not."""
        if shown != self._shows_scope:
            self._shows_scope = shown
            self.overlay_changed.emit()

    @property
    def shows_legend(self) -> bool:
        """Whether legend and scale bar lie on the photo."""
        return self._shows_legend

    def set_shows_legend(self, *, shown: bool) -> None:
        """Show legend and scale bar, or not."""
        if shown != self._shows_legend:
            self._shows_legend = shown
            self.overlay_changed.emit()

    @property
    def peeking(self) -> bool:
        """Whether the overlays are lifted for a moment."""
        return self._peeking

    def set_peeking(self, peeking: bool) -> None:
        """Lift all overlays, or lay them back."""
        if peeking != self._peeking:
            self._peeking = peeking
            self.peeking_changed.emit()
