"""One font for a report: Inter for Latin, Noto Sans SC for Chinese, its letters alone.

The library that writes PDF embeds TrueType outlines and no others, so the few letters
that a report uses are drawn anew into a small TrueType font: the Chinese ones from the
PostScript outlines of Noto Sans SC, the others from Inter. Both are under the SIL Open
Font Licence.
"""

import io
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

UNITS = 2048
REGULAR, BOLD = 400, 650

_CURVE_ERROR = 1.0  # units
_MADE = 3_500_000_000  # seconds since 1904; any fixed time
_STRIKES = ((-12, -7), (12, -7), (-12, 7), (12, 7))
"""Chinese has no bold here: drawn four times beside itself it is one stroke thicker."""


def report_font(text: Iterable[str], weight: int, name: str) -> bytes:
    """A TrueType font with the letters of `text`, of weight 400 or 650.

    The same text always gives the same bytes. A letter that neither font has is an
    empty box.
    """
    letters = sorted({letter for part in text for letter in part if letter > " "})
    glyphs: dict[str, Any] = {".notdef": _box()}
    widths = {".notdef": UNITS // 2, "space": _space(weight)}
    glyphs["space"] = TTGlyphPen(None).glyph()
    names = {ord(" "): "space", 0xA0: "space"}
    for letter in letters:
        drawn = _drawn(letter, weight)
        if drawn is None:
            continue
        glyph, width = drawn
        key = f"u{ord(letter):05X}"
        glyphs[key] = glyph
        widths[key] = width
        names[ord(letter)] = key
    return _assembled(glyphs, widths, names, name)


def chinese_font() -> Path:
    """The file of Noto Sans SC."""
    return Path(pylopdf_fonts_zh_cn.sans_path())


def latin_font() -> Path:
    """The file of Inter, of variable weight."""
    return Path(str(files("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf"))


@cache
def _latin() -> TTFont:
    return TTFont(latin_font())


@cache
def _chinese() -> TTFont:
    return TTFont(chinese_font())


@cache  # the next report has mostly the same letters
def _drawn(letter: str, weight: int) -> tuple[Any, int] | None:
    for font in (_latin(), _chinese()):
        key = font.getBestCmap().get(ord(letter))
        if key is None:
            continue
        is_chinese = font is _chinese()
        scale = UNITS / font["head"].unitsPerEm
        letters = font.getGlyphSet(location=_place(weight))
        if letter.isdecimal() and f"{key}.tf" in letters:
            key = f"{key}.tf"  # figures of one width, for columns
        whole = DecomposingRecordingPen(letters)
        letters[key].draw(whole)
        pen = TTGlyphPen(None)
        curves = Cu2QuPen(pen, _CURVE_ERROR, reverse_direction=is_chinese)
        strikes = _STRIKES if is_chinese and weight > REGULAR else ((0, 0),)
        for right, up in strikes:
            whole.replay(TransformPen(curves, (scale, 0, 0, scale, right, up)))
        return pen.glyph(), round(letters[key].width * scale)
    return None


def _place(weight: int) -> dict[str, float]:
    """Where in Inter's range of designs the letters are taken."""
    return {"wght": weight, "opsz": 14}


def _space(weight: int) -> int:
    font = _latin()
    width: float = font.getGlyphSet(location=_place(weight))["space"].width
    units: int = font["head"].unitsPerEm
    return round(width * UNITS / units)


def _box() -> Any:  # noqa: ANN401 - a glyph of fontTools, which has no types
    pen = TTGlyphPen(None)
    for left, right, low, high in ((150, 874, 0, 1400), (250, 774, 100, 1300)):
        pen.moveTo((left, low))
        pen.lineTo((left, high) if left == 150 else (right, low))
        pen.lineTo((right, high))
        pen.lineTo((right, low) if left == 150 else (left, high))
        pen.closePath()
    return pen.glyph()


def _assembled(
    glyphs: dict[str, Any],
    widths: dict[str, int],
    names: dict[int, str],
    name: str,
) -> bytes:
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    table = builder.font["glyf"]
    metrics = {
        key: (width, getattr(table[key], "xMin", 0) or 0)
        for key, width in widths.items()
    }
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=1984, descent=-494)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(sTypoAscender=1984, sTypoDescender=-494, usWinAscent=2100)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = _MADE
    builder.font.recalcTimestamp = False
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()
