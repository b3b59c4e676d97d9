"""What an empty window says: open something, go on, or see how it is done."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions.file import open_folder, open_photos, open_project
from app.actions.help import show_help
from app.actions.view import use_language
from app.actions.workbench import Workbench
from app.panels.parts import SPACE_PX, heading, muted, row
from app.support.icons import icon
from app.support.language import language_of
from app.support.paths import PROJECT_SUFFIX
from app.support.sign import Sign

_SIGN_PX = 48
_RECENT = 4
_WIDE_PX = 520
_LANGUAGES = (("en", "English"), ("zh_CN", "简体中文"))


class WelcomePanel(QWidget):
    """An invitation to drop photos, and buttons for those who prefer them."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_PX)
        layout.addStretch(2)
        self._invite(layout)
        layout.addSpacing(SPACE_PX)
        layout.addLayout(row(None, *self._openers(), None))
        layout.addSpacing(2 * SPACE_PX)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self._recent_head = heading(self.tr("Go on with"))
        self._box = QWidget()
        self._box.setMaximumWidth(_WIDE_PX)
        self._box.setMinimumWidth(_WIDE_PX)
        column = QVBoxLayout(self._box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self._recent_head)
        column.addLayout(self._recent)
        column.addSpacing(SPACE_PX)
        column.addWidget(heading(self.tr("New here?")))
        column.addWidget(
            muted(
                self.tr(
                    "The sample building is three painted beams; you get a copy in your"
                    " documents to try everything on. The tour leads from a photo to"
                    " its report."
                ),
                wrap=True,
            )
        )
        column.addLayout(row(*self._helpers(), None))
        layout.addLayout(row(None, self._box, None))
        layout.addStretch(3)
        layout.addLayout(row(None, self._languages()))
        bench.context.preferences.changed.connect(self._renew)
        self._renew()

    @property
    def recent(self) -> list[str]:
        """What can be gone on with, as it is called."""
        buttons = self._recent_buttons()
        return [button.text() for button in buttons if not button.isHidden()]

    def _invite(self, layout: QVBoxLayout) -> None:
        title = QLabel(self.tr("Drop photos or a folder here"))
        title.setProperty("role", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = muted(
            self.tr(
                "Caihua finds craquelure and paint loss, you correct what it found,\n"
                "and every stroke is saved at once. Your photos are never changed."
            )
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sign = Sign("image", _SIGN_PX, "accent")
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(title)
        layout.addWidget(text)

    def _openers(self) -> tuple[QPushButton, ...]:
        photos = QPushButton(self.tr("Open photos…"))
        photos.setProperty("role", "primary")
        photos.setToolTip(self.tr("Open photos (Ctrl+O)"))
        photos.clicked.connect(self._on_photos)
        folder = QPushButton(self.tr("Open folder…"))
        folder.setToolTip(self.tr("Open a folder of photos (Ctrl+Shift+O)"))
        folder.clicked.connect(self._on_folder)
        project = QPushButton(self.tr("Open project…"))
        project.clicked.connect(self._on_project)
        return photos, folder, project

    def _helpers(self) -> tuple[QPushButton, ...]:
        sample = QPushButton(self.tr("Open the sample building"))
        sample.setObjectName("sample_button")
        sample.clicked.connect(self._bench.guide.open_sample)
        tour = QPushButton(self.tr("Take the tour"))
        tour.setObjectName("tour_button")
        tour.clicked.connect(self._bench.guide.start_tour)
        pages = QPushButton(self.tr("Read the help"))
        pages.setToolTip(self.tr("Help on what is in use: F1"))
        pages.clicked.connect(self._on_help)
        return sample, tour, pages

    def _languages(self) -> QComboBox:
        self.language = QComboBox()
        self.language.setAccessibleName(self.tr("Language"))
        for name, text in _LANGUAGES:
            self.language.addItem(text, name)
        self.language.activated.connect(self._on_language)
        return self.language

    def _recent_buttons(self) -> list[QToolButton]:
        found: list[QToolButton] = self._box.findChildren(QToolButton)
        return found

    def _renew(self) -> None:
        settings = self._bench.context.preferences.settings
        app = QApplication.instance()
        language = language_of(app) if app is not None else None
        chosen = self.language.findData("en" if language is None else language.name)
        self.language.setCurrentIndex(max(0, chosen))
        names = settings.recent[:_RECENT]
        self._recent_head.setVisible(bool(names))
        buttons = self._recent_buttons()
        while len(buttons) < len(names):
            button = QToolButton()
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            expanding = QSizePolicy.Policy.Expanding
            button.setSizePolicy(expanding, QSizePolicy.Policy.Fixed)
            self._recent.addWidget(button)
            buttons.append(button)
        for number, button in enumerate(buttons):
            button.setVisible(number < len(names))
            if number < len(names):
                self._name(button, Path(names[number]))

    def _name(self, button: QToolButton, path: Path) -> None:
        is_project = path.suffix == PROJECT_SUFFIX
        button.setIcon(icon("stack" if is_project else "folder-open"))
        where = self.fontMetrics().elidedText(
            str(path.parent), Qt.TextElideMode.ElideMiddle, _WIDE_PX // 2
        )
        button.setText(f"{path.name}  ·  {where}".replace("&", "&&"))
        button.setToolTip(str(path))
        if button.property("wired"):
            button.clicked.disconnect()
        button.clicked.connect(partial(self._on_recent, path))
        button.setProperty("wired", True)

    def _on_photos(self) -> None:
        open_photos(self._bench, self.window())

    def _on_folder(self) -> None:
        open_folder(self._bench, self.window())

    def _on_project(self) -> None:
        open_project(self._bench, self.window())

    def _on_recent(self, path: Path) -> None:
        self._bench.opener.open_paths([path])

    def _on_help(self) -> None:
        show_help(self._bench, self.window())

    def _on_language(self) -> None:
        use_language(self._bench, self.language.currentData())
