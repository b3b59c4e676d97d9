"""Many machines give what one gives, and lose nothing when one of them goes."""

import csv
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from distributed import Client
from local_cluster import LocalCluster, local_cluster
from PIL import Image

from resunet_core import __version__
from resunet_core.analysis import cluster as dask_cluster
from resunet_core.analysis import readiness
from resunet_core.analysis.orders import (
    Answer,
    Done,
    NotReady,
    Order,
    PhotoTask,
    Stopped,
)
from resunet_core.analysis.photo import use_of
from resunet_core.analysis.readiness import make_ready, ticket_in
from resunet_core.analysis.worker import analyse_on_worker, receive_model
from resunet_core.cli import analyze_cluster
from resunet_core.errors import CaihuaError
from resunet_core.mask.stroke import Stroke
from resunet_core.model.model_file import load_model, read_model_info, save_model
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from tests.builders import a_photo

Caihua = Callable[..., int]
PHOTOS = 9


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with local_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as started:
        yield started


def _photos(folder: Path) -> Path:
    for number in range(PHOTOS - 1):
        a_photo(folder, f"{number}.png", height=150, width=170, seed=number)
    a_photo(folder / "东", "0.jpg", seed=77)  # of the same stem as another
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    return folder


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _rows(out: Path, table: str) -> list[dict[str, str]]:
    with (out / table).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _run_record(out: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((out / "run.json").read_bytes())
    return record


def _kill_while_it_works(cluster: LocalCluster, name: str, out: Path) -> None:
    """End a worker as a power cut would, with photos on it and others done."""
    with Client(cluster.address, set_as_default=False) as client:
        addresses = {w["name"]: a for a, w in dask_cluster.workers_of(client).items()}
        until = time.monotonic() + 60
        while time.monotonic() < until:
            busy = client.processing().get(addresses[name], ())
            if busy and len(list(out.glob("*.mask.png"))) >= 2:
                break
    os.kill(cluster.workers[name].pid, signal.SIGKILL)


def test_a_worker_dies_and_the_results_are_those_of_one_machine(
    cluster: LocalCluster, tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    photos, alone, together = _photos(tmp_path / "in"), tmp_path / "1", tmp_path / "2"
    arguments = ("analyze", photos, "--model", light_model, "--building", "井亭")
    assert caihua(*arguments, "--out", alone) == 1
    cluster.add_worker("victim")
    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=60)
    killer = threading.Thread(
        target=_kill_while_it_works, args=(cluster, "victim", together)
    )
    together.mkdir()
    killer.start()
    code = caihua(*arguments, "--out", together, "--scheduler", cluster.address)
    killer.join()
    assert code == 1
    assert cluster.workers["victim"].wait() == -signal.SIGKILL
    left = {name for name in _names(together) if name.startswith(".")}
    assert _names(together) - left == _names(alone)
    for name in sorted(_names(alone)):
        if name.endswith((".mask.png", ".json", ".jpg")) and name != "run.json":
            assert (together / name).read_bytes() == (alone / name).read_bytes(), name
    for table in ("regions.csv", "photos.csv", "buildings.csv"):
        assert _rows(together, table) == _rows(alone, table)
    assert len(_rows(together, "photos.csv")) == PHOTOS
    assert not left
    record, known = _run_record(together), _run_record(alone)
    assert record["failed"] == known["failed"] != []
    assert record["scheduler"] == cluster.address
    by_worker = {worker["address"]: worker["photos"] for worker in record["workers"]}
    assert sum(by_worker.values()) == len(record["photos"]) == PHOTOS
    assert {photo["worker"] for photo in record["photos"]} == by_worker.keys()
    assert len(by_worker) >= 2
    assert known["workers"] == []


def test_ctrl_c_takes_everything_back(
    cluster: LocalCluster,
    tmp_path: Path,
    light_model: Path,
    caihua: Caihua,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each photo is written whole or not at all, and nobody goes on writing."""

    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(analyze_cluster, "print_done", pressed)
    out = tmp_path / "out"
    code = caihua(
        *("analyze", _photos(tmp_path / "in"), "--model", light_model, "--out", out),
        *("--scheduler", cluster.address),
    )
    assert code == 130
    left = _names(out)
    stems = {name.split(".")[0] for name in left}
    assert 0 < len(stems) < PHOTOS
    parts = (".json", ".mask.png", ".overlay.jpg")
    assert left == {stem + part for stem in stems for part in parts}
    with Client(cluster.address, set_as_default=False) as client:
        assert not any(client.processing().values())
    assert _names(out) == left


def test_a_project_knows_more_than_the_workers(
    cluster: LocalCluster, tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    """Of one photo a person drew a part: it is written anew, the other is not."""
    photos = [a_photo(tmp_path, f"{n}.png", seed=n) for n in range(2)]
    project_path = tmp_path / "亭.caihua"
    arguments = ("--model", light_model, "--project", project_path)
    there = ("--scheduler", cluster.address)
    assert caihua("analyze", *photos, "--out", tmp_path / "1", *arguments, *there) == 0
    with Project.open(project_path) as project:
        first, second = sorted(project.photos(), key=lambda photo: photo.path.name)
        mask = project.load_mask(first.id)
        stroke = Stroke(mask, 2, 9, "Brush")
        stroke.extend(30.0, 50.0)
        edit = stroke.finish()
        assert edit is not None
        project.commit(first.id, edit, who=Who("person", "安娜"))
        project.set_scale(second.id, 0.5)
    for out, where in (("2", there), ("3", ())):
        assert (
            caihua("analyze", *photos, "--out", tmp_path / out, *arguments, *where) == 0
        )
        with Project.open(project_path) as project:
            kept = project.load_mask(first.id).read(mask.model.tile_box(0, 0))
        with Image.open(tmp_path / out / "0.mask.png") as picture:
            np.testing.assert_array_equal(np.array(picture), kept)
        rows = _rows(tmp_path / out, "photos.csv")
        assert [int(row["person_px"]) > 0 for row in rows] == [True, False]
        assert [row["mm_per_px"] for row in rows] == ["", "0.5"]
    assert _rows(tmp_path / "2", "regions.csv") == _rows(tmp_path / "3", "regions.csv")


def test_the_model_is_sent_to_workers_that_cannot_find_it(
    cluster: LocalCluster,
    tmp_path: Path,
    light_model: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By its bytes, into the worker's cache; the task then needs no path."""
    known = load_model(str(light_model), torch.device("cpu"))
    model, photo = tmp_path / "other.safetensors", a_photo(tmp_path, "x.png")
    save_model(model, known.network, replace(known.config, notes=("other",)))
    make_look, nowhere = readiness._make_look, Path("/nowhere/other.safetensors")

    def look_elsewhere(ticket: str, photo: str, _: str, sha256: str) -> object:
        return make_look(ticket, photo, str(nowhere), sha256)

    monkeypatch.setattr(readiness, "_make_look", look_elsewhere)
    with (
        ticket_in(tmp_path) as ticket,
        Client(cluster.address, set_as_default=False) as client,
    ):
        use = use_of(read_model_info(model))
        order = Order(__version__, tmp_path, ticket, use, model)

        def ask() -> Answer:
            there = replace(order, model=nowhere)
            task = PhotoTask(photo, "x")
            answer: Answer = client.submit(
                analyse_on_worker, there, task, pure=False
            ).result()
            return answer

        assert isinstance(ask(), NotReady)
        make_ready(client, order, photo)
        done = ask()
        assert isinstance(done, Done)
        assert done.outcome.run.tiles > 0
        ticket.unlink()
        assert isinstance(ask(), Stopped)
    with pytest.raises(CaihuaError, match="damaged on its way"):
        receive_model(model.read_bytes()[:-1], use.sha256)


class _Worker:
    """A cluster of one worker of which everything is known that can be wrong."""

    def __init__(self, versions: str = "2026.8", **seen: object) -> None:
        good = {"host": "böx", "version": __version__, "model": True}
        self.seen = {**good, "out": True, "photo": True, **seen}
        self.versions = versions

    def get_versions(self, *, check: bool) -> dict[str, object]:
        assert not check

        def packages(version: str) -> dict[str, object]:
            return {"packages": {"python": "3.11.2.final.0", "distributed": version}}

        ours = packages("2026.8")
        theirs = {"tcp://w": packages(self.versions)}
        return {"client": ours, "scheduler": ours, "workers": theirs}

    def run(self, *_: object, workers: object) -> dict[str, object]:
        assert workers is None
        return {"tcp://w": self.seen}


@pytest.mark.parametrize(
    ("worker", "said"),
    [
        (_Worker(versions="2025.1"), "tcp://w has Python 3.11 with distributed 2025.1"),
        (_Worker(version=None), "tcp://w on böx has no Caihua"),
        (_Worker(version="0.0.1"), "has Caihua 0.0.1, this computer"),
        (_Worker(out=False), "cannot write to"),
        (_Worker(photo=False), "does not see"),
    ],
)
def test_a_worker_that_cannot_do_it_is_named(
    worker: _Worker, said: str, light_model: Path, tmp_path: Path
) -> None:
    use = use_of(read_model_info(light_model))
    order = Order(__version__, tmp_path, tmp_path / "ticket", use, light_model)
    with pytest.raises(CaihuaError, match=said) as raised:
        make_ready(cast("Client", worker), order, tmp_path / "x.png")
    assert raised.value.hint


def test_what_is_wrong_with_the_call_is_one_sentence(
    tmp_path: Path,
    light_model: Path,
    caihua: Caihua,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(dask_cluster, "CONNECT_SECONDS", 0.5)
    photo, project = a_photo(tmp_path, "x.png"), tmp_path / "p.caihua"
    call: tuple[object, ...] = ("analyze", photo, "--out", tmp_path / "out")
    call += ("--model", light_model)
    call += ("--project", project, "--scheduler")
    assert caihua(*call, "10.0.0.5") == 2
    assert "is no address of a scheduler" in capsys.readouterr().err
    with socket.socket() as taken:  # a port where nobody answers
        taken.bind(("127.0.0.1", 0))
        assert caihua(*call, f"tcp://127.0.0.1:{taken.getsockname()[1]}") == 1
    assert "No Dask scheduler answers at tcp://127" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert caihua(*call, "tcp://127.0.0.1:8786") == 1
    assert 'pip install "caihua[cluster]"' in capsys.readouterr().err
    assert not project.exists()
