"""Training can be stopped and resumed as if it never had been, and never goes wild."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from resunet_core.errors import BadData
from resunet_core.progress import run_to_end
from resunet_core.training.crops import CropStream, Labelled, Source
from resunet_core.training.fit import TrainingPlan, TrainingState, fit
from tests.builders import a_mask, painted_pixels

CPU = torch.device("cpu")
PLAN = TrainingPlan(6, batch=2, rate=0.01, warm_up=2, checkpoint_every=4, loaders=0)


def _load(index: int) -> Labelled:
    return painted_pixels(60, 60, seed=index), a_mask(60, 60)


def _stream() -> CropStream:
    return CropStream([Source("few", 1.0, 4, _load)], 16, seed=3)


def _network() -> nn.Module:
    """Small, with all that a state must hold: weights, statistics, a counter."""
    torch.manual_seed(7)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 3, 1)
    )


def _start(network: nn.Module | None = None) -> TrainingState:
    return TrainingState.start(network or _network(), PLAN)


def _assert_same(one: TrainingState, other: TrainingState) -> None:
    assert one.step == other.step
    for mine, theirs in ((one.network, other.network), (one.averaged, other.averaged)):
        expected = theirs.state_dict()
        for name, value in mine.state_dict().items():
            assert torch.equal(value, expected[name]), name


@pytest.mark.parametrize("stopped_after", [1, 4, 5])
def test_resumed_equals_uninterrupted(tmp_path: Path, stopped_after: int) -> None:
    whole = run_to_end(fit(_start(), _stream(), PLAN, device=CPU))
    checkpoint = tmp_path / "模型.pt"
    state = _start()
    steps = fit(state, _stream(), PLAN, device=CPU)
    for _ in range(stopped_after):
        next(steps)
    steps.close()
    state.save(checkpoint)
    torch.manual_seed(99)  # whatever happened since
    resumed = _start(_network())
    resumed.load(checkpoint)
    assert resumed.step == stopped_after
    run_to_end(fit(resumed, _stream(), PLAN, device=CPU))
    _assert_same(resumed, whole)
    changed = whole.network.state_dict()
    assert not torch.equal(changed["0.weight"], _network().state_dict()["0.weight"])


def test_checkpoints_are_written_on_the_way_and_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    steps = fit(_start(), _stream(), PLAN, device=CPU, checkpoint=path)
    written = []
    for progress in steps:
        assert progress.total == PLAN.steps
        if path.is_file():
            state = _start()
            state.load(path)
            written.append(state.step)
    state.load(path)
    assert written == [4, 4, 4]
    assert state.step == PLAN.steps


def test_a_finished_training_has_nothing_left_to_do() -> None:
    done = run_to_end(fit(_start(), _stream(), PLAN, device=CPU))
    assert list(fit(done, _stream(), PLAN, device=CPU)) == []


def test_it_learns_what_can_be_learnt() -> None:
    def bright_is_lost(_index: int) -> Labelled:
        pixels = painted_pixels(60, 60)
        pixels[20:40, 20:40] = 250
        classes = np.zeros((60, 60), np.uint8)
        classes[20:40, 20:40] = 2
        return pixels, classes

    stream = CropStream([Source("plain", 1.0, 1, bright_is_lost)], 32, seed=0)
    plan = TrainingPlan(60, batch=4, rate=0.05, warm_up=5, loaders=0)
    state = TrainingState.start(_network(), plan)
    losses = [
        float(progress.note.split()[1].rstrip(","))
        for progress in fit(state, stream, plan, device=CPU)
    ]
    assert losses[-1] < 0.8 * losses[0]


class _Wild(nn.Module):
    """Fails at its third call: in what it says, or only in its gradient."""

    def __init__(self, *, in_gradient: bool) -> None:
        super().__init__()
        self.layer = nn.Conv2d(3, 3, 1)
        self.in_gradient = in_gradient
        self.calls = 0

    def forward(self, photos: Tensor) -> Tensor:
        self.calls += 1
        found: Tensor = self.layer(photos)
        if self.calls < 3:
            return found
        if self.in_gradient:  # the value is a number, its derivative is not
            zero = found * 0
            return found + torch.sqrt(zero) * 0
        return found * float("nan")


@pytest.mark.parametrize("in_gradient", [False, True])
def test_a_loss_that_is_no_number_stops_before_it_does_harm(
    tmp_path: Path, *, in_gradient: bool
) -> None:
    path = tmp_path / "checkpoint.pt"
    state = _start(_Wild(in_gradient=in_gradient))
    plan = TrainingPlan(6, batch=1, warm_up=2, checkpoint_every=1, loaders=0)
    with pytest.raises(BadData, match="at step 2: the loss is no longer a number"):
        run_to_end(fit(state, _stream(), plan, device=CPU, checkpoint=path))
    assert state.step == 2
    for parameter in (*state.network.parameters(), *state.averaged.parameters()):
        assert parameter.isfinite().all()
    kept = _start(_Wild(in_gradient=in_gradient))
    kept.load(path)
    _assert_same(kept, state)


def test_the_rate_rises_then_falls_as_a_cosine() -> None:
    plan = TrainingPlan(110, rate=1.0, warm_up=10, last_rate=0.2)
    rates = [plan.rate_at(step) for step in range(111)]
    assert rates[:3] == pytest.approx([0.1, 0.2, 0.3])
    assert rates[10] == pytest.approx(1.0)
    assert rates[60] == pytest.approx(0.6)  # half-way between 1 and 0.2
    assert rates[110] == pytest.approx(0.2)
    assert plan.rate_at(500) == pytest.approx(0.2)
    assert rates[10:] == sorted(rates[10:], reverse=True)


def _of_another_network(path: Path) -> None:
    TrainingState.start(nn.Conv2d(3, 3, 1), PLAN).save(path)


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "cut", "list", "other"])
def test_checkpoints_that_do_not_fit_are_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bad.pt"
    _start().save(path)
    whole = path.read_bytes()
    if kind == "missing":
        path.unlink()
    elif kind == "list":
        torch.save([1, 2], path)
    elif kind == "other":
        _of_another_network(path)
    else:
        text = {"empty": b"", "text": b"no checkpoint", "cut": whole[:500]}
        path.write_bytes(text[kind])
    with pytest.raises(BadData, match=r"bad\.pt is damaged or of another training"):
        _start().load(path)
