"""The language of the window: English as written in the source, or a catalogue's."""

import json
import re
import string
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QLocale,
    QObject,
    QTranslator,
)
from PySide6.QtWidgets import QApplication

from app.support.retext import retext
from resunet_core.resources import resource

CHINESE = "zh_CN"
_PATH = QLibraryInfo.LibraryPath.TranslationsPath
_MNEMONIC = re.compile(r"\(&.\)")


@dataclass(frozen=True)
class _Template:
    """A text with placeholders, to be known again when they are filled."""

    source: str
    pattern: re.Pattern[str]
    fields: tuple[str, ...]
    letters: int


class Catalogue:
    """The texts of one language, by context and source; and the way back."""

    def __init__(self, texts: dict[str, dict[str, str]], *, source: bool) -> None:
        self._texts = texts
        self._anywhere: dict[str, str] = {}
        self._sources: dict[str, list[tuple[str, str]]] = {}
        templates: dict[str, _Template] = {}
        for context, pairs in texts.items():
            for text, said in pairs.items():
                self._anywhere.setdefault(text, said)
                seen = text if source else said
                self._sources.setdefault(seen, []).append((context, text))
                if "{" in seen and (made := _template(text, seen)) is not None:
                    templates.setdefault(seen, made)
        self._templates = sorted(templates.values(), key=lambda one: -one.letters)

    def said(self, context: str, source: str) -> str | None:
        """A translation; None where there is none."""
        return self._texts.get(context, {}).get(source) or self._anywhere.get(source)

    def source_of(self, text: str, contexts: Iterable[str] = ()) -> str | None:
        """The source of a text that is shown as it stands in the catalogue."""
        found = self._sources.get(text)
        if not found:
            return None
        near = {*contexts}
        return next((one for where, one in found if where in near), found[0][1])

    def template_of(self, text: str) -> tuple[str, dict[str, str]] | None:
        """The source of a text whose placeholders are filled, and what fills them."""
        for one in self._templates:
            if (match := one.pattern.fullmatch(text)) is not None:
                return one.source, dict(zip(one.fields, match.groups(), strict=True))
        return None


class _Translator(QTranslator):
    """Gives Qt what a catalogue says; what it lacks stays as it is."""

    def __init__(self, catalogue: Catalogue, parent: QObject) -> None:
        super().__init__(parent)
        self._catalogue = catalogue

    def isEmpty(self) -> bool:
        """It has texts, though Qt has not loaded them."""
        return False

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - Qt's name
        disambiguation: str | None = None,  # noqa: ARG002 - texts differ by context
        n: int = -1,  # noqa: ARG002 - Chinese has one form for all numbers
    ) -> str | None:
        """A text of ours in the language."""
        return self._catalogue.said(context, sourceText)


class Language(QObject):
    """The language in force in an application, changed while the window is open."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("language")
        self.name = "en"
        self._app = app
        texts: dict[str, dict[str, str]] = json.loads(
            resource("translations", f"{CHINESE}.json").read_text("utf-8")
        )
        self._system = QLocale()
        self._books = {
            "en": Catalogue(texts, source=True),
            CHINESE: Catalogue(texts, source=False),
        }
        self._installed: list[QTranslator] = []

    def change(self, wanted: str) -> None:
        """Say everything in `en`, `zh_CN`, or as the `system` does, from now on."""
        name = wanted if wanted in self._books else _system_language()
        if name == self.name:
            return
        before, self.name = self._books[self.name], name
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed = []
        QLocale.setDefault(self._system)
        if name == CHINESE:
            QLocale.setDefault(QLocale(CHINESE))
            own = QTranslator(self)
            if own.load(f"qtbase_{CHINESE}", QLibraryInfo.path(_PATH)):
                self._installed.append(own)
            self._installed.append(_Translator(self._books[CHINESE], self))
        for translator in self._installed:
            self._app.installTranslator(translator)

        def carry(text: str, contexts: Iterable[str] = ()) -> str:
            return self._carried(text, before, contexts)

        retext(QApplication.allWidgets(), carry)
        for widget in QApplication.topLevelWidgets():
            widget.update()

    def said(self, text: str) -> str:
        """A finished sentence of the core in this language, as far as it is known."""
        if self.name == "en":
            return text
        return self._carried(text, self._books["en"], ("Core",))

    def _carried(self, text: str, before: Catalogue, contexts: Iterable[str]) -> str:
        contexts = tuple(contexts)
        source = before.source_of(text, contexts)
        if source is not None:
            return self._text(source, contexts)
        if "\n" in text:
            lines = text.split("\n")
            return "\n".join(self._carried(one, before, contexts) for one in lines)
        filled = before.template_of(text)
        if filled is not None:
            template, values = filled
            said = self._text(template, contexts)
            for key, value in values.items():
                known = before.source_of(value, contexts)
                new = self._text(known, contexts) if known else value
                said = re.sub(rf"\{{{key}(:[^}}]*)?\}}", new.replace("\\", r"\\"), said)
            return said
        return text

    def _text(self, source: str, contexts: tuple[str, ...]) -> str:
        if self.name == "en":
            return source
        book = self._books[self.name]
        for context in contexts:
            if source in book._texts.get(context, {}):  # noqa: SLF001 - its own kind
                return book.said(context, source) or source
        return book.said("", source) or source


def plain(text: str) -> str:
    """The name of an action without its access key and its dots."""
    return _MNEMONIC.sub("", text).replace("&", "").rstrip("…")


def language_of(app: QCoreApplication) -> Language | None:
    """The language in force, where one was chosen."""
    return app.findChild(Language, "language")


def said_core(text: str) -> str:
    """A sentence of the core in the person's language, as far as it is known."""
    app = QCoreApplication.instance()
    language = language_of(app) if app is not None else None
    return language.said(text) if language is not None else text


def set_language(app: QApplication, wanted: str) -> None:
    """Say everything in `en`, `zh_CN`, or as the `system` does."""
    language = language_of(app) or Language(app)
    language.change(wanted)


def _system_language() -> str:
    return CHINESE if QLocale.system().language() == QLocale.Language.Chinese else "en"


def _template(source: str, seen: str) -> _Template | None:
    pattern, fields, letters = "", [], 0
    for head, name, _form, _ in string.Formatter().parse(seen):
        pattern += re.escape(head)
        letters += sum(letter.isalnum() for letter in head)
        if name is not None:
            if name in fields:
                pattern += f"(?P=f{name})"
            else:
                pattern += f"(?P<f{name}>.+?)"
                fields.append(name)
    if not letters:
        return None  # it would fit anything
    return _Template(source, re.compile(pattern, re.DOTALL), tuple(fields), letters)
