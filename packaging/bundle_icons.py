"""Draw the program's icon in every size and format that systems ask for.

.venv/bin/python packaging/bundle_icons.py FOLDER
"""

import argparse
import os
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512, 1024)
SMALL_UP_TO = 32  # below, the fine lines of the large drawing would blur
OF_WINDOWS = (16, 24, 32, 48, 64, 128, 256)


def draw(size: int) -> QImage:
    """The icon, so many pixels wide, on nothing."""
    name = "caihua-small.svg" if size <= SMALL_UP_TO else "caihua.svg"
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(ICONS / name)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def write_icons(folder: Path) -> None:
    """`caihua-SIZE.png` of every size, `caihua.ico` and `caihua.icns`."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        draw(size).save(str(folder / f"caihua-{size}.png"))
    drawn = {size: Image.open(folder / f"caihua-{size}.png") for size in SIZES}
    drawn[256].save(
        folder / "caihua.ico",
        sizes=[(size, size) for size in OF_WINDOWS],
        append_images=[drawn[size] for size in OF_WINDOWS if size != 256],
    )
    drawn[1024].save(
        folder / "caihua.icns", append_images=[drawn[size] for size in SIZES[:-1]]
    )


def main() -> int:
    """Write them all; the exit status."""
    parser = argparse.ArgumentParser(description="Draw the program's icons.")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication([])
    write_icons(asked.folder)
    app.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
