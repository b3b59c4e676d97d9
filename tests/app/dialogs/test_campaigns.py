"""Two campaigns compared: what is greyed, and what is looked at closely."""

import numpy as np
from pytestqt.qtbot import QtBot

from app.dialogs.campaigns import CampaignPhoto, CampaignsDialog
from app.jobs.swipe import Swipe
from resunet_core.box import Box
from resunet_core.measure.compare import ChangedCrack, ChangedRegion, Comparison
from resunet_core.measure.registration import Registration
from tests.builders import painted_pixels

PHOTOS = (CampaignPhoto(4, "南立面 额枋", "2019"), CampaignPhoto(7, "额枋", "2026"))


def a_swipe() -> Swipe:
    none = np.zeros((2, 2))
    same = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    laid = Registration(same, none, none, 999.0, 0.7, 50, (192, 256), (192, 256))
    found = Comparison(
        registration=laid,
        pixel=1.0,
        mm_per_px=0.5,
        common_px=40_000,
        common_share=0.9,
        noise_px=2.0,
        loss_before_px=100,
        loss_after_px=500,
        crack_before_px=10.0,
        crack_after_px=50.0,
        regions=(
            ChangedRegion("new", Box(20, 40, 60, 80), 0, 400, 400, is_noise=False),
            ChangedRegion("grown", Box(5, 5, 8, 8), 4, 9, 5, is_noise=True),
        ),
        cracks=(ChangedCrack(True, Box(100, 20, 110, 60), 40.0, is_noise=False),),  # noqa: FBT003 - as the value has it
    )
    pixels = painted_pixels(96, 128)
    return Swipe(found, pixels, pixels, 2.0)


def marks(dialog: CampaignsDialog) -> int:
    return len(dialog.view._marks)


def test_changes_are_listed_with_their_size_and_noise_is_greyed(qtbot: QtBot) -> None:
    dialog = CampaignsDialog(PHOTOS, (4, 7))
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.asked) as asked:
        dialog._do.click()
    assert asked.args == [4, 7]
    dialog.show_swipe(a_swipe())
    items = [dialog.list.topLevelItem(row) for row in range(3)]
    lines = [[item.text(n) for n in range(3)] for item in items if item is not None]
    assert lines == [
        ["new", "paint loss", "1.00 cm²"],
        ["grown", "paint loss", "1.2 mm²"],
        ["new", "crack", "20.0 mm"],
    ]
    grey, plain = (items[row] for row in (1, 0))
    assert grey is not None
    assert plain is not None
    assert grey.foreground(0) != plain.foreground(0)
    assert marks(dialog) == 2  # what is noise is not pointed out
    dialog.list.setCurrentItem(grey)
    assert dialog.view._chosen is not None
    assert marks(dialog) == 3
    around = dialog.view._seen()
    assert around.contains(dialog.view._marks[dialog.view._chosen].rect)
    assert around.width() < 128


def test_a_pair_of_one_photo_cannot_be_asked(qtbot: QtBot) -> None:
    dialog = CampaignsDialog(PHOTOS, (4, 7))
    qtbot.addWidget(dialog)
    dialog.after.setCurrentIndex(0)
    assert not dialog._do.isEnabled()
    dialog.show_trouble(ValueError("They do not show the same place."))
    assert "same place" in dialog._trouble.text()
