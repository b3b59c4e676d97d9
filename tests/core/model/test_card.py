"""A card says what the model file says, and a dash where nothing was measured."""

from resunet_core.model.card import model_card
from resunet_core.model.config import ModelConfig


def test_a_card_shows_settings_lineage_and_figures() -> None:
    scores = {"iou": 0.5, "f1": 0.6667, "precision": 0.7, "recall": 0.6}
    figures = {
        "walls": {
            "pictures": 3,
            "classes": {"craquelure": {**scores, "centerline_f1": 0.912}},
            "said": {"background": 0.9, "craquelure": 0.0612, "paint_loss": 0.01},
        }
    }
    config = ModelConfig(
        "resunet18_light",
        thresholds={"craquelure": 0.65, "paint_loss": 0.4},
        min_area_px={"craquelure": 12, "paint_loss": 24},
        mm_per_px=(0.05, 0.4),
        lineage=("100 steps", "200 steps"),
        notes=("Young weights.", "Second note."),
        figures=figures,
    )
    card = model_card("default", config, {"walls": "three walls"})
    rows = [line for line in card.splitlines() if line.startswith("| walls")]
    assert rows == [
        "| walls | 3 | craquelure | 0.500 | 0.667 | 0.700 | 0.600 | 0.912 | 6.12 |",
        "| walls | 3 | paint_loss | - | - | - | - | - | 1.00 |",
    ]
    assert "| craquelure | 0.65 | 12 |" in card
    assert "0.05 to 0.4 mm per pixel" in card
    assert "1. 100 steps\n2. 200 steps" in card
    assert "**Young weights.**" in card
    assert "* `walls`: three walls" in card


def test_a_card_shows_what_other_photos_of_the_same_do_to_the_figures() -> None:
    figures = {
        "walls": {
            "pictures": 3,
            "classes": {
                "craquelure": {"centerline_f1": 0.9},
                "paint_loss": {"iou": 0.5},
            },
            "said": {"background": 0.9, "craquelure": 0.06, "paint_loss": 0.04},
            "changes": {"half scale": {"craquelure": 0.812, "paint_loss": 0.51}},
        }
    }
    card = model_card("x", ModelConfig("resunet18_light", figures=figures), {})
    assert "| as they are | 0.900 | 0.500 |" in card
    assert "| half scale | 0.812 (-0.088) | 0.510 (+0.010) |" in card
