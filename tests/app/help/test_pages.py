"""The pages of the help: whole in both languages, and true to the program."""

import json
import re

import pytest
import translations

from app.actions.menus import SPECS, menu_paths
from app.help.glossary import glossary
from app.help.marks import marks_of
from app.help.pages import ORDER, pages_folder, pictures_folder

LANGUAGES = ("en", "zh_CN")
PAGES = [(language, name) for language in LANGUAGES for name in ORDER]
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)]+)\)")
MOST_PICTURE_BYTES = 1_500_000
IDS, IN_MENUS = {spec.id for spec in SPECS}, {one for one, _ in menu_paths()}
KEYED = {spec.id for spec in SPECS if spec.shortcut is not None}
KNOWN = {"menu": IN_MENUS, "do": IDS, "key": KEYED}
SAID = {(text.context, text.source) for text in translations.window_texts()[0]}
SAID |= {("", source) for _, source in SAID}


def _text(language: str, name: str) -> str:
    return (pages_folder(language) / f"{name}.md").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_and_no_other(language: str) -> None:
    found = {path.stem for path in pages_folder(language).glob("*.md")}
    assert found == set(ORDER)


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_every_link_leads_somewhere(language: str, name: str) -> None:
    for is_picture, target in _LINK.findall(_text(language, name)):
        folder = pictures_folder(language) if is_picture else pages_folder(language)
        assert (folder / target).is_file(), target


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_what_is_named_is_called_so_in_the_program(language: str, name: str) -> None:
    for mark in marks_of(_text(language, name)):
        if mark.kind == "says":
            assert mark.source in SAID, mark
        else:
            assert mark.value in KNOWN[mark.kind], mark


def test_both_languages_say_the_same() -> None:
    for name in ORDER:
        english, chinese = (_text(language, name) for language in LANGUAGES)
        for pattern in (r"^#+ ", r"!\[", r"^\d+\. ", r"^\| ", r"^- "):
            counts = [
                len(re.findall(pattern, text, re.MULTILINE))
                for text in (english, chinese)
            ]
            assert counts[0] == counts[1], (name, pattern)
        assert sorted(map(str, marks_of(english))) == sorted(
            map(str, marks_of(chinese))
        ), name


def test_the_pictures_are_small_and_all_are_shown() -> None:
    for language in LANGUAGES:
        folder = pictures_folder(language)
        shown = {
            target
            for name in ORDER
            for is_picture, target in _LINK.findall(_text(language, name))
            if is_picture
        }
        assert {path.name for path in folder.iterdir()} == shown
    files = pictures_folder("en").parent.rglob("*.jpg")
    assert sum(path.stat().st_size for path in files) < MOST_PICTURE_BYTES


def test_the_glossary_is_translated_whole() -> None:
    stored = json.loads((translations.FOLDER / "zh_CN.json").read_text("utf-8"))
    assert len(glossary()) > 10
    for entry in glossary():
        for text in entry:
            assert stored["Glossary"][text]
