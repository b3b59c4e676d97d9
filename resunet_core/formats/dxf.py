"""CAD drawings of damage: closed polylines and hatches, a layer for each class."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resunet_core.defects import DefectClass, DefectClasses
from resunet_core.files import replacing


@dataclass(frozen=True)
class Drawn:
    """A polygon of a class, in drawing units, y upwards."""

    defect: DefectClass
    polygon: Any  # shapely has no type information


def write_dxf(
    path: Path, drawn: Iterable[Drawn], classes: DefectClasses, *, in_mm: bool
) -> None:
    """Write a DXF of 2010, which every CAD program of today opens.

    Args:
        path: Of the file.
        drawn: In the order in which they are drawn.
        classes: Each gets a layer of its key and colour, used or not.
        in_mm: Whether a unit is a millimetre; otherwise the drawing has no unit.
    """
    # Half a second to load, for drawings alone.
    from ezdxf.colors import rgb2int  # noqa: PLC0415 - as above
    from ezdxf.filemanagement import new  # noqa: PLC0415 - as above
    from ezdxf.units import MM  # noqa: PLC0415 - as above

    document = new("R2010")
    document.units = MM if in_mm else 0  # 0: unitless
    document.header["$MEASUREMENT"] = 1  # metric
    for defect in classes:
        layer = document.layers.add(defect.key)
        layer.dxf.true_color = rgb2int(defect.colour)
        layer.description = f"{defect.name_en} {defect.name_zh}"
    space = document.modelspace()
    for one in drawn:
        attributes = {"layer": one.defect.key}
        rings = [one.polygon.exterior, *one.polygon.interiors]
        hatch = space.add_hatch(dxfattribs=attributes)
        for number, ring in enumerate(rings):
            corners = [(float(x), float(y)) for x, y in ring.coords[:-1]]
            space.add_lwpolyline(corners, close=True, dxfattribs=attributes)
            # 1: outermost boundary, 16: a hole in it.
            hatch.paths.add_polyline_path(
                corners, is_closed=True, flags=1 if number == 0 else 16
            )
    with replacing(path) as beside:
        document.saveas(beside)
