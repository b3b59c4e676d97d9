"""Where the panels stand around the canvas."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QSizePolicy

from app.actions.workbench import Workbench
from app.panels.areas import AreasPanel
from app.panels.details import DetailsPanel
from app.panels.drawer import Drawer
from app.panels.layers import LayersPanel
from app.panels.model import ModelPanel
from app.panels.parts import dock
from app.panels.photos import PhotosPanel
from app.panels.regions import RegionsPanel

_LEFT_PX = 272


def add_docks(window: QMainWindow, bench: Workbench) -> Drawer:
    """Photos on the left, what is found on the right, the drawer at the foot."""
    side, said = Qt.DockWidgetArea, window.tr
    corner = Qt.Corner
    window.setCorner(corner.BottomLeftCorner, side.LeftDockWidgetArea)
    window.setCorner(corner.BottomRightCorner, side.RightDockWidgetArea)
    left = dock(said("Photos"), "photos", PhotosPanel(bench), window)
    about_photo = DetailsPanel(bench)
    about_photo.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    details = dock(said("Photo"), "details", about_photo, window)
    window.addDockWidget(side.LeftDockWidgetArea, left)
    window.addDockWidget(side.LeftDockWidgetArea, details)
    for title, name, panel in (
        (said("Detection"), "model", ModelPanel(bench)),
        (said("Overlays"), "layers", LayersPanel(bench)),
        (said("Areas"), "areas", AreasPanel(bench)),
        (said("Regions"), "regions", RegionsPanel(bench)),
    ):
        if name != "regions":  # the table takes what room there is
            panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        beside = panel.choices if isinstance(panel, LayersPanel) else ()
        made = dock(title, name, panel, window, beside=beside)
        window.addDockWidget(side.RightDockWidgetArea, made)
    drawer = Drawer(bench, window)
    window.addDockWidget(side.BottomDockWidgetArea, drawer)
    window.resizeDocks([left, details], [_LEFT_PX] * 2, Qt.Orientation.Horizontal)
    return drawer
