"""What runs in the environment of LabelMe: read, compare, open and save.

    python inside_labelme.py compare EXPORTED MASK    what labelme_export_json drew
    python inside_labelme.py read FILE...             with LabelMe 7's strict reader
    python inside_labelme.py resave FILE...           in LabelMe's own window

Knows nothing of Caihua: only LabelMe, numpy and Pillow are there.
"""

import importlib
import sys
import time
from pathlib import Path
from typing import Any

CLASS_IDS = {"_background_": 0, "craquelure": 1, "paint_loss": 2}
_SHOWN_S = 0.2  # long enough for the window to paint the shapes once


def compare(exported: str, ours: str) -> None:
    """Stop unless label.png says of each pixel what the mask says."""
    numpy: Any = importlib.import_module("numpy")
    image: Any = importlib.import_module("PIL.Image")
    image.MAX_IMAGE_PIXELS = None
    folder = Path(exported)
    names = (folder / "label_names.txt").read_text(encoding="utf-8").splitlines()
    ids = numpy.array([CLASS_IDS[name] for name in names])
    theirs = ids[numpy.array(image.open(folder / "label.png"))]
    mask = numpy.array(image.open(ours))
    if theirs.shape != mask.shape:
        sys.exit(f"sizes differ: {theirs.shape} and {mask.shape}")
    different = int((theirs != mask).sum())
    if different:
        sys.exit(f"{different} of {mask.size} pixels differ")
    print(f"identical, {mask.size} pixels")


def read(*names: str) -> None:
    """Stop unless the strict reader takes all of the files."""
    reader = importlib.import_module("labelme._label_file").read_label_file
    for name in names:
        reader(filename=name)
    print(f"{len(names)} files read")


def resave(*names: str) -> None:
    """Open each file in the window, let it paint, and save it in its place."""
    version, window, process = _window()
    shapes = 0
    for name in names:
        loaded = (
            window._load_file(image_or_label_path=name)  # noqa: SLF001 - no other way in
            if version >= (6,)
            else window._load_file(name)  # noqa: SLF001 - no other way in
        )
        if loaded is False:
            sys.exit(f"{name}: the window cannot open it")
        end = time.monotonic() + _SHOWN_S
        while time.monotonic() < end:
            process()
        saved = (
            window.save_labels(label_path=name)
            if version >= (6,)
            else window.saveLabels(name)
        )
        if not saved:
            sys.exit(f"{name}: the window cannot save it")
        shapes += len(
            window.labelList if version < (6,) else window._docks.label_list  # noqa: SLF001 - no other way in
        )
    print(f"{len(names)} files with {shapes} shapes opened and saved")


def _window() -> tuple[tuple[int, ...], Any, Any]:
    """LabelMe's version, its window as it is shown, and what lets it go on."""
    labelme: Any = importlib.import_module("labelme")
    version = tuple(int(part) for part in labelme.__version__.split(".")[:2])
    qt = "PyQt5" if version < (6,) else "PySide6"
    widgets: Any = importlib.import_module(f"{qt}.QtWidgets")
    app = widgets.QApplication.instance() or widgets.QApplication([])

    def refuse(box: object, *words: object) -> None:
        """A question would wait for ever: nobody is there."""
        said = box.text() if isinstance(box, widgets.QMessageBox) else words
        sys.exit(f"LabelMe says: {said}")

    for question in ("exec", "exec_", "critical", "warning", "question"):
        setattr(widgets.QMessageBox, question, refuse)
    module = "labelme.app" if version < (6,) else "labelme._app"
    main_window: Any = importlib.import_module(module).MainWindow
    window = main_window(config_overrides={"auto_save": False})
    window.show()
    return version, window, app.processEvents


if __name__ == "__main__":
    command, *words = sys.argv[1:]
    if command == "compare":
        compare(*words)
    elif command == "read":
        read(*words)
    else:
        resave(*words)
