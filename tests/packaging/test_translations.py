"""Everything the window says can be said in Chinese, with the same values in it."""

import json

import pytest
import translations

CATALOGUE = translations.load(translations.FOLDER / "zh_CN.json")
WINDOW = {
    (text.context, text.source): text.place for text in translations.window_texts()[0]
}


def test_every_text_of_the_window_is_translated() -> None:
    missing = [
        f"{place}: {source!r}"
        for (context, source), place in WINDOW.items()
        if not CATALOGUE.get(context, {}).get(source)
    ]
    assert missing == [], "run packaging/translations.py --write and fill them in"


def test_every_text_is_written_where_it_can_be_found() -> None:
    assert translations.window_texts()[1] == []


def test_nothing_in_the_catalogue_is_stale() -> None:
    said = translations.all_texts()
    stale = [
        (context, source)
        for context, texts in CATALOGUE.items()
        for source in texts
        if (context, source) not in said
    ]
    assert stale == []


@pytest.mark.parametrize("context", sorted(CATALOGUE))
def test_translations_keep_placeholders_and_access_keys(context: str) -> None:
    for source, said in CATALOGUE[context].items():
        if said:
            assert translations.fields_of(said) == translations.fields_of(source)
            assert ("&" in said) == ("&" in source), source
            assert said.startswith(" ") == source.startswith(" "), source


def test_one_text_is_said_in_one_way() -> None:
    ways: dict[str, set[str]] = {}
    for context, texts in CATALOGUE.items():
        if context not in (translations.CORE, "Glossary"):
            for source, said in texts.items():
                ways.setdefault(source, set()).add(said)
    assert [source for source, said in ways.items() if len(said) > 1] == []


def test_the_terms_are_those_of_conservators() -> None:
    whole = json.dumps(CATALOGUE, ensure_ascii=False)
    assert CATALOGUE["Actions"]["Craquelure alone"] == "只显示龟裂"
    assert "裂缝" not in whole  # one word for a crack: 裂纹
    assert "油漆" not in whole
