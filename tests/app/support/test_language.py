"""The language changes while the window is open, there and back."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from app.support.language import plain, said_core, set_language


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[QApplication]:
    set_language(qapp, "zh_CN")
    yield qapp
    set_language(qapp, "en")


def test_what_is_shown_changes_there_and_back(qapp: QApplication) -> None:
    label, button = QLabel("3 photos exported."), QPushButton("Cancel")
    apart = QPushButton(" Paint loss")  # from its icon
    box = QComboBox()
    box.addItems(["Craquelure", "IMG_0001.jpg"])
    set_language(qapp, "zh_CN")
    said = (label.text(), button.text(), box.itemText(0), box.itemText(1))
    assert apart.text() == " 颜料层脱落"
    set_language(qapp, "en")
    back = (label.text(), button.text(), box.itemText(0))
    assert said == ("已导出 3 张照片。", "取消", "龟裂", "IMG_0001.jpg")
    assert back == ("3 photos exported.", "Cancel", "Craquelure")
    assert apart.text() == " Paint loss"


def test_what_is_said_next_is_chinese(chinese: QApplication) -> None:
    assert chinese.translate("Actions", "&File") == "文件(&F)"
    assert chinese.translate("Nowhere", "Known to nobody") == "Known to nobody"


def test_a_sentence_nobody_translated_stays_as_it_is(chinese: QApplication) -> None:
    del chinese
    assert said_core("The moon is round.") == "The moon is round."


def test_names_of_actions_lose_their_access_keys() -> None:
    assert plain("打开照片(&O)…") == "打开照片"
    assert plain("&Open photos…") == "Open photos"
