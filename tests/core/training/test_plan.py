"""Rates, losses and what is frozen follow the plan, and a plan survives being kept."""

import json
from dataclasses import replace

import pytest
import torch

from resunet_core.errors import WrongUsage
from resunet_core.training.loss_sum import loss_of, parse_loss
from resunet_core.training.losses import cross_entropy, focal_loss, paper_dice
from resunet_core.training.plan import (
    FROM_DATA,
    LossTerm,
    TrainingPlan,
    same_course,
    with_data_weights,
)
from resunet_core.training.presets import PAPER, PRESETS


def test_the_rate_rises_then_falls_as_a_cosine() -> None:
    plan = TrainingPlan(110, rate=1.0, warm_up=10, last_rate=0.2)
    rates = [plan.rate_at(step) for step in range(111)]
    assert rates[:3] == pytest.approx([0.1, 0.2, 0.3])
    assert rates[10] == pytest.approx(1.0)
    assert rates[60] == pytest.approx(0.6)  # half-way between 1 and 0.2
    assert rates[110] == pytest.approx(0.2)
    assert plan.rate_at(500) == pytest.approx(0.2)
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_the_papers_rate_changes_once_an_epoch() -> None:
    plan = replace(PAPER.plan, steps=1000)  # 100 epochs of 10 steps
    rates = [plan.rate_at(step) for step in range(1000)]
    assert rates[0] == pytest.approx(1e-5)
    assert rates[10] == pytest.approx(1e-5 + 9e-5 / 9)  # a third of the way, squared
    assert rates[30] == pytest.approx(1e-4)
    assert len(set(rates[500:510])) == 1
    assert rates[30 + 920 // 2] == pytest.approx((1e-4 + 1e-6) / 2)
    assert rates[950:] == pytest.approx([1e-6] * 50)


def test_the_papers_encoder_is_frozen_for_half_of_it() -> None:
    plan = replace(PAPER.plan, steps=10)
    assert [plan.frozen_at(step) for step in range(10)] == [True] * 5 + [False] * 5


@pytest.mark.parametrize("name", PRESETS)
def test_a_plan_survives_json(name: str) -> None:
    plan = PRESETS[name].plan
    kept = TrainingPlan.from_json(json.loads(json.dumps(plan.to_json())))
    assert kept == plan
    assert same_course(kept, replace(plan, loaders=5))
    assert not same_course(kept, replace(plan, steps=plan.steps + 1))


def test_a_loss_as_a_person_writes_it() -> None:
    text = "ce + 0.5*focal(alpha=0.25,gamma=3) + 2e-1*cldice"
    assert parse_loss(text) == (
        LossTerm("ce"),
        LossTerm("focal", 0.5, {"alpha": 0.25, "gamma": 3}),
        LossTerm("cldice", 0.2),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is no loss"),
        ("ce+hinge", "'hinge' is no loss"),
        ("ce++dice", "is no loss"),
        ("focal(beta=1)", "focal has no parameter 'beta'"),
        ("dice(2)", "is no loss"),
    ],
)
def test_a_loss_that_is_none_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(WrongUsage, match=complaint):
        parse_loss(text)


def test_terms_are_weighed_and_given_their_parameters() -> None:
    torch.manual_seed(0)
    logits = torch.randn(2, 3, 4, 4)
    classes = torch.randint(0, 3, (2, 4, 4))
    plan = TrainingPlan(
        10,
        loss=parse_loss("ce+2*focal(gamma=3)+dice"),
        class_weights=(1.0, 3.0, 2.0),
    )
    found = {name: term(logits, classes) for name, term in loss_of(plan, 0).items()}
    weights = torch.tensor([1.0, 3.0, 2.0])
    torch.testing.assert_close(found["ce"], cross_entropy(logits, classes, weights))
    torch.testing.assert_close(
        found["focal"], 2 * focal_loss(logits, classes, gamma=3.0)
    )
    torch.testing.assert_close(found["dice"], paper_dice(logits, classes))


def test_weights_from_the_data_must_have_been_taken() -> None:
    plan = TrainingPlan(10, class_weights=FROM_DATA)
    with pytest.raises(TypeError, match="never taken"):
        loss_of(plan, 0)
    taken = with_data_weights(plan, (1.0, 2.0, 3.0))
    assert taken.class_weights == (1.0, 2.0, 3.0)
    fixed = TrainingPlan(10, class_weights=None)
    assert with_data_weights(fixed, (1.0, 2.0, 3.0)) is fixed


def test_no_steps_are_no_training() -> None:
    with pytest.raises(WrongUsage, match="0 steps"):
        TrainingPlan(0)
