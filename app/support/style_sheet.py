"""The one style sheet, filled with the colours of a theme. Spacing in steps of 8."""

from collections.abc import Mapping
from string import Template

_SHEET = Template("""
* { outline: none; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }

QMenuBar { background: $window; padding: 2px 8px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selected; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QToolBar {
    background: $window; border: 0; border-bottom: 1px solid $line;
    padding: 4px 8px; spacing: 4px;
}
QToolBar::separator { background: $line; width: 1px; margin: 6px 8px; }
QToolBar#palette {
    border-bottom: 0; border-right: 1px solid $line; padding: 8px 4px; spacing: 2px;
}
QToolBar#palette::separator { width: auto; height: 1px; margin: 6px 4px; }
QToolButton { border: 0; border-radius: 6px; padding: 6px; background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $line; }
QToolButton:checked { background: $selected; }
QToolButton[role="small"] { padding: 3px; }
QToolButton:focus { border: 1px solid $accent; padding: 5px; }

QStatusBar { background: $window; border-top: 1px solid $line; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { padding: 0 4px; color: $muted; }

QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; }
QScrollArea, QScrollArea > QWidget > QWidget#panel { background: $window; border: 0; }
QLabel[role="heading"] { color: $text; font-weight: 600; padding: 0; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="warning"] { color: $warning; }
QPushButton[role="large"] { min-height: 36px; }
QLabel[role="figure"] { font-weight: 600; }
QLabel[role="title"] { font-size: 16pt; font-weight: 600; }
QFrame[role="heading"] { background: $window; border: 0; }
QFrame[role="notice"] {
    background: $raised; border: 1px solid $line; border-radius: 8px;
}

QPushButton {
    background: $raised; border: 1px solid $line; border-radius: 6px;
    padding: 5px 12px; min-height: 18px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:checked { background: $selected; border-color: $accent; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $muted; background: $window; }
QPushButton[role="primary"] {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[role="primary"]:disabled {
    background: $hover; border-color: $hover; color: $muted;
}
QPushButton[role="primary"]:focus { border-color: $text; }

QLineEdit, QDoubleSpinBox, QSpinBox, QComboBox {
    background: $base; border: 1px solid $line; border-radius: 6px;
    padding: 3px 8px; min-height: 20px; selection-background-color: $accent;
    selection-color: $on_accent;
}
QLineEdit:focus, QDoubleSpinBox:focus, QSpinBox:focus, QComboBox:focus {
    border-color: $accent;
}
QLineEdit:disabled, QDoubleSpinBox:disabled, QSpinBox:disabled, QComboBox:disabled {
    background: $window; color: $muted;
}
QComboBox[role="small"] { min-height: 14px; padding: 2px 6px; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow { image: url("$down"); width: 14px; height: 14px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line; padding: 4px;
    selection-background-color: $selected; selection-color: $text;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    border: 0; width: 18px; background: transparent;
}
QAbstractSpinBox::up-arrow { image: url("$up"); width: 11px; height: 11px; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: 11px; height: 11px; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QCheckBox, QRadioButton { spacing: 8px; }
QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid $muted; border-radius: 8px;
    background: $base;
}
QRadioButton::indicator:checked {
    width: 8px; height: 8px; border: 4px solid $accent; background: $on_accent;
}
QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator {
    width: 14px; height: 14px; border: 1px solid $muted; border-radius: 4px;
    background: $base;
}
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$check");
}
QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:disabled { border-color: $line; background: $window; }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    background: $base; border: 1px solid $muted; width: 12px; height: 12px;
    margin: -5px 0; border-radius: 7px;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {
    border: 2px solid $accent; width: 10px; height: 10px;
}
QSlider::sub-page:horizontal:disabled { background: $line; }
QSlider::handle:horizontal:disabled { border-color: $line; background: $window; }

QAbstractSpinBox QLineEdit {
    border: 0; padding: 0; min-height: 0; background: transparent;
}

QAbstractItemView {
    background: $window; border: 0; alternate-background-color: $window;
    selection-background-color: $selected; selection-color: $text;
}
QTableView { gridline-color: transparent; }
QTableView::item { padding: 0 8px; border-bottom: 1px solid $line; }
QTableView::item:hover { background: $hover; }
QTableView::item:selected { background: $selected; color: $text; }
QTreeView::item { padding: 3px 6px; }
QTreeView::item:hover { background: $hover; }
QTreeView::item:selected { background: $selected; color: $text; }
QHeaderView { background: $window; border: 0; }
QHeaderView::section {
    background: $window; color: $muted; border: 0; border-bottom: 1px solid $line;
    padding: 4px 8px;
}
QHeaderView::up-arrow, QHeaderView::down-arrow {
    width: 10px; height: 10px; subcontrol-position: center left; left: 4px;
}
QHeaderView::up-arrow { image: url("$up"); }
QHeaderView::down-arrow { image: url("$down"); }
QListView::item { border-radius: 6px; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $selected; color: $text; }

QTabWidget::pane { border: 0; }
QTabBar { background: $window; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; padding: 7px 12px;
    border: 0; border-bottom: 2px solid transparent;
}
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }

QProgressBar {
    background: $line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QToolTip {
    background: $raised; color: $text; border: 1px solid $line; padding: 6px;
}
QTextBrowser, QPlainTextEdit { background: $base; border: 1px solid $line; }
QDialog QTreeView, QDialog QTableView, QDialog QListView {
    background: $base; border: 1px solid $line; border-radius: 6px;
}
""")


def style_sheet(colours: Mapping[str, str], signs: Mapping[str, str]) -> str:
    """The sheet for the colours of a theme and the paths of its drawn signs."""
    return _SHEET.substitute(colours, **signs)
