"""The look: one palette and one style sheet for light, one of each for dark."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.support.style_sheet import style_sheet
from resunet_core.cache import cache_dir

_CHINESE = ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC")
_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, as #rrggbb; contrast of text at least 4.5 to 1."""

    window: str
    base: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    hover: str
    selected: str
    surround: str  # around a photo: neutral, so that it does not tint what is seen
    warning: str
    danger: str


# The accent is azurite, the mineral blue of the beams themselves.
LIGHT = Colours(
    window="#f4f4f3",
    base="#ffffff",
    raised="#fafaf9",
    line="#dededb",
    text="#1f2023",
    muted="#63656b",
    accent="#20609f",
    on_accent="#ffffff",
    hover="#e9e9e7",
    selected="#dce8f4",
    surround="#cfcfcf",
    warning="#8a5300",
    danger="#b3261e",
)
DARK = Colours(
    window="#1d1e20",
    base="#242528",
    raised="#2a2b2f",
    line="#393b40",
    text="#e8e8e6",
    muted="#a0a3aa",
    accent="#6fb1ee",
    on_accent="#0d2033",
    hover="#323439",
    selected="#26405a",
    surround="#303030",
    warning="#e9b35f",
    danger="#f2877f",
)


def is_dark(palette: QPalette) -> bool:
    """Whether a palette is of the dark theme."""
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def colours_of(palette: QPalette) -> Colours:
    """The theme that a palette was made from."""
    return DARK if is_dark(palette) else LIGHT


def apply_theme(app: QApplication, theme: str) -> None:
    """Give the whole program the theme; `system` follows the desktop's."""
    hints = app.styleHints()
    hints.setColorScheme(_SCHEMES.get(theme, Qt.ColorScheme.Unknown))
    wanted = hints.colorScheme() if theme == "system" else _SCHEMES[theme]
    dark = wanted == Qt.ColorScheme.Dark
    colours = DARK if dark else LIGHT
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(make_palette(colours))
    app.setStyleSheet(style_sheet(vars(colours), _drawn_signs(colours, dark=dark)))


def install_font(app: QApplication) -> None:
    """Set the program in Inter; scripts that it lacks come from the system's fonts."""
    folder = files("fontpkg_inter") / "files"
    families: list[str] = []
    for name in ("Inter[opsz,wght].ttf",):
        number = QFontDatabase.addApplicationFontFromData((folder / name).read_bytes())
        families += QFontDatabase.applicationFontFamilies(number)
    if not families:
        return
    font = QFont([families[0], *_CHINESE])
    font.setPointSizeF(_text_size(app))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)  # figures of equal width in tables
    app.setFont(font)


def make_palette(colours: Colours) -> QPalette:
    """The Qt palette of a theme."""
    role = QPalette.ColorRole
    palette = QPalette()
    for key, name in {
        role.Window: colours.window,
        role.Base: colours.base,
        role.AlternateBase: colours.raised,
        role.Button: colours.raised,
        role.Mid: colours.line,
        role.Midlight: colours.hover,
        role.Dark: colours.line,
        role.Light: colours.base,
        role.Shadow: colours.line,
        role.WindowText: colours.text,
        role.Text: colours.text,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.PlaceholderText: colours.muted,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
    }.items():
        palette.setColor(key, QColor(name))
    for key in (role.WindowText, role.Text, role.ButtonText):
        faded = QColor(colours.muted)
        faded.setAlphaF(0.6)
        palette.setColor(QPalette.ColorGroup.Disabled, key, faded)
    return palette


def _text_size(app: QApplication) -> float:
    return max(9.5, app.font().pointSizeF())


def _drawn_signs(colours: Colours, *, dark: bool) -> dict[str, str]:
    """Draw the few signs that a style sheet can only take as files; their paths."""
    folder = cache_dir("theme")
    shapes = {
        "down": ("M3 5.5 L7 9.5 L11 5.5", colours.muted),
        "up": ("M3 8.5 L7 4.5 L11 8.5", colours.muted),
        "check": ("M3 7.5 L6 10.5 L11.5 4", colours.on_accent),
    }
    paths = {}
    for name, (path, colour) in shapes.items():
        file = Path(folder) / f"{name}-{'dark' if dark else 'light'}.svg"
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="14" height="14">'
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6" '
            'stroke-linecap="round" stroke-linejoin="round"/></svg>'
        )
        if not file.exists() or file.read_text("utf-8") != drawing:
            file.write_text(drawing, "utf-8")
        paths[name] = file.as_posix()
    return paths
