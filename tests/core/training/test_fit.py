"""Training can be stopped and resumed as if it never had been, and never goes wild."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, distributed, nn

from resunet_core.errors import BadData, DeviceUnavailable
from resunet_core.progress import Progress, run_to_end
from resunet_core.training.crops import CropStream, Labelled, Source
from resunet_core.training.fit import Judgement, TrainingProgress, fit
from resunet_core.training.parallel import Place
from resunet_core.training.plan import LossTerm, TrainingPlan
from resunet_core.training.state import TrainingState
from resunet_core.training.step import TrainingDiverged
from tests.builders import a_mask, painted_pixels

CPU = Place(torch.device("cpu"))
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
    whole = run_to_end(fit(_start(), _stream(), PLAN, place=CPU))
    checkpoint = tmp_path / "模型.pt"
    state = _start()
    steps = fit(state, _stream(), PLAN, place=CPU)
    for _ in range(stopped_after):
        next(steps)
    steps.close()
    state.save(checkpoint)
    torch.manual_seed(99)  # whatever happened since
    resumed = _start(_network())
    resumed.load(checkpoint)
    assert resumed.step == stopped_after
    run_to_end(fit(resumed, _stream(), PLAN, place=CPU))
    _assert_same(resumed, whole)
    changed = whole.network.state_dict()
    assert not torch.equal(changed["0.weight"], _network().state_dict()["0.weight"])


def test_checkpoints_are_written_on_the_way_and_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    steps = fit(_start(), _stream(), PLAN, place=CPU, checkpoint=path)
    written = []
    for progress in steps:
        assert progress.total == PLAN.steps
        if path.is_file():
            state = _start()
            state.load(path)
            written.append(state.step)
    state.load(path)
    assert written == [4, 4]  # in the fifth step and in the sixth
    assert state.step == PLAN.steps


def test_a_finished_training_has_nothing_left_to_do() -> None:
    done = run_to_end(fit(_start(), _stream(), PLAN, place=CPU))
    assert list(fit(done, _stream(), PLAN, place=CPU)) == []


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
        for progress in fit(state, stream, plan, place=CPU)
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
    with pytest.raises(
        TrainingDiverged, match="at step 2: the loss is no longer a number"
    ):
        run_to_end(fit(state, _stream(), plan, place=CPU, checkpoint=path))
    assert state.step == 2
    for parameter in (*state.network.parameters(), *state.averaged.parameters()):
        assert parameter.isfinite().all()
    kept = _start(_Wild(in_gradient=in_gradient))
    kept.load(path)
    _assert_same(kept, state)


class _Greedy(nn.Module):
    """Has memory for two crops at a time, as torch says it on a CPU."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.layer = nn.Conv2d(3, 3, 1)
        self.most = most

    def forward(self, photos: Tensor) -> Tensor:
        if len(photos) > self.most:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes")
        found: Tensor = self.layer(photos)
        return found


def test_too_little_memory_halves_the_batch_and_learns_the_same() -> None:
    plan = TrainingPlan(3, batch=6, rate=0.1, warm_up=1, loaders=0, precise=True)
    # A loss that is a mean over pixels: parts of a batch add up to the whole.
    plan = replace(plan, loss=(LossTerm("focal"),))
    torch.manual_seed(0)
    narrow = TrainingState.start(_Greedy(2), plan)
    torch.manual_seed(0)
    wide = TrainingState.start(_Greedy(6), plan)
    events = [p.event for p in _events(fit(narrow, _stream(), plan, place=CPU))]
    run_to_end(fit(wide, _stream(), plan, place=CPU))
    notices = [event["text"] for event in events if event["event"] == "notice"]
    assert notices == ["The memory was too small: from now on 2 crops at a time."]
    assert narrow.parts == 4  # 6 crops in parts of 2, 2, 2
    for mine, theirs in zip(
        narrow.network.parameters(), wide.network.parameters(), strict=True
    ):
        torch.testing.assert_close(mine, theirs, atol=1e-4, rtol=1e-3)


def test_too_little_memory_for_one_crop_is_said() -> None:
    state = TrainingState.start(_Greedy(0), PLAN)
    with pytest.raises(DeviceUnavailable, match="memory is too small"):
        run_to_end(fit(state, _stream(), PLAN, place=CPU))


def _events(steps: Iterator[Progress]) -> list[TrainingProgress]:
    return [progress for progress in steps if isinstance(progress, TrainingProgress)]


def test_training_goes_by_the_score_and_keeps_the_best(tmp_path: Path) -> None:
    scores = iter([0.2, 0.6, 0.5, 0.4, 0.9])
    seen: list[Tensor] = []

    def judge(network: nn.Module) -> Judgement:
        seen.append(next(network.parameters()).clone())
        return Judgement(next(scores), {"craquelure": {"centerline_f1": 0.5}})

    plan = replace(PLAN, steps=20, judge_every=2, patience=2)
    state = _start()
    path = tmp_path / "kept.pt"
    progress = _events(
        fit(state, _stream(), plan, place=CPU, checkpoint=path, judge=judge)
    )
    looks = [p.event for p in progress if p.event["event"] == "validation"]
    assert [(e["step"], e["best"]) for e in looks] == [
        (2, True),
        (4, True),
        (6, False),
        (8, False),
    ]
    assert state.step == 8  # two looks without a gain are its patience
    again = _start()
    again.load(path)
    run_to_end(fit(again, _stream(), plan, place=CPU, judge=judge))
    assert again.step == 8  # it has none left after a resumption either
    assert (again.best_score, again.best_step) == (0.6, 4)
    assert torch.equal(next(again.best_network().parameters()), seen[1])


def test_stopped_between_a_step_and_its_look_it_looks_after_the_resumption() -> None:
    looks: list[int] = []

    def judge(_network: nn.Module) -> Judgement:
        looks.append(state.step)
        return Judgement(0.5, {})

    plan = replace(PLAN, judge_every=2)
    state = _start()
    steps = fit(state, _stream(), plan, place=CPU, judge=judge)
    next(steps)
    next(steps)  # the second step is done, its look is due
    steps.close()
    assert looks == []
    run_to_end(fit(state, _stream(), plan, place=CPU, judge=judge))
    assert looks == [2, 4, 6]


def test_each_step_says_where_it_stands() -> None:
    step = _events(fit(_start(), _stream(), PLAN, place=CPU))[2].event
    assert (step["step"], step["steps"]) == (3, PLAN.steps)
    assert step["loss"] == pytest.approx(sum(step["losses"].values()))
    assert set(step["losses"]) == {"ce", "dice_defects"}
    assert step["rate"] == PLAN.rate_at(2)
    assert 0 <= step["waiting_share"] < 1
    assert step["eta_s"] > 0
    assert step["crops_per_s"] > 0


def test_a_term_joins_when_it_is_due() -> None:
    late = LossTerm("skeleton_recall", 0.5, from_share=0.5)
    plan = replace(PLAN, loss=(LossTerm("ce"), late))
    steps = _events(fit(_start(), _stream(), plan, place=CPU))
    names = [sorted(p.event["losses"]) for p in steps]
    assert names == [["ce"]] * 3 + [["ce", "skeleton_recall"]] * 3


class _WithEncoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4))
        self.head = nn.Conv2d(4, 3, 1)

    def forward(self, photos: Tensor) -> Tensor:
        found: Tensor = self.head(self.encoder(photos))
        return found


@pytest.mark.parametrize("frozen_statistics", [True, False])
@pytest.mark.parametrize("trained_norms", [True, False])
def test_what_is_frozen_stays(*, frozen_statistics: bool, trained_norms: bool) -> None:
    plan = replace(
        PLAN,
        frozen_share=0.5,
        frozen_statistics=frozen_statistics,
        trained_norms=trained_norms,
        decay=0.1,
    )
    torch.manual_seed(1)
    state = TrainingState.start(_WithEncoder(), plan)
    before = {k: v.clone() for k, v in state.network.state_dict().items()}
    steps = fit(state, _stream(), plan, place=CPU)
    for _ in range(3):
        next(steps)
    moved = _moved(before, state.network)
    assert "encoder.0.weight" not in moved
    assert ("encoder.1.running_mean" in moved) is not frozen_statistics
    assert ("encoder.1.weight" in moved) is trained_norms
    assert "head.weight" in moved
    run_to_end(steps)
    assert _moved(before, state.network) == set(before)


def _moved(before: dict[str, Tensor], network: nn.Module) -> set[str]:
    now = network.state_dict()
    return {name for name, value in before.items() if not torch.equal(value, now[name])}


def test_closing_loses_no_step(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    state = _start()
    steps = fit(state, _stream(), PLAN, place=CPU, checkpoint=path)
    next(steps)
    steps.close()
    kept = _start()
    kept.load(path)
    _assert_same(kept, state)


def _learn_beside(rank: int, size: int, folder: Path) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", f"file://{folder / 'meet'}", rank=rank, world_size=size
    )
    plan = replace(PLAN, batch=4, loss=(LossTerm("focal"),), precise=True)
    torch.manual_seed(7)
    state = TrainingState.start(nn.Conv2d(3, 3, 1), plan)
    place = Place(torch.device("cpu"), rank, size)
    path = folder / f"{rank}.pt"
    run_to_end(fit(state, _stream(), plan, place=place, checkpoint=path))
    torch.save(state.averaged.state_dict(), folder / f"averaged-{rank}.pt")
    distributed.destroy_process_group()


def test_two_side_by_side_learn_what_one_would(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    beside = [
        context.Process(target=_learn_beside, args=(rank, 2, tmp_path))
        for rank in (0, 1)
    ]
    for process in beside:
        process.start()
    for process in beside:
        process.join()
        assert process.exitcode == 0
    alone = tmp_path / "alone"
    alone.mkdir()
    plan = replace(PLAN, batch=4, loss=(LossTerm("focal"),), precise=True)
    torch.manual_seed(7)
    state = TrainingState.start(nn.Conv2d(3, 3, 1), plan)
    run_to_end(fit(state, _stream(), plan, place=CPU))
    expected = state.averaged.state_dict()
    for rank in (0, 1):
        found = torch.load(tmp_path / f"averaged-{rank}.pt", weights_only=True)
        torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)
    assert (tmp_path / "0.pt").is_file()
    assert not (tmp_path / "1.pt").exists()  # the first one writes


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
