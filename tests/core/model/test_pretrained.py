"""Starts from other weights, without ever touching the network."""

import io
import socket
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from torchvision.models import _api, get_model, get_model_weights
from torchvision.models.feature_extraction import create_feature_extractor
from torchvision.transforms.functional import normalize

from resunet_core.errors import BadModelFile, DownloadFailed, WrongUsage
from resunet_core.model.pretrained import VERSION, start_from_imagenet, transfer
from resunet_core.model.registry import build_network

RESNET_MAPS = ("relu", "layer1", "layer2", "layer3", "layer4")
VGG_MAPS = tuple(f"features.{index}" for index in (3, 8, 15, 22, 29))
PUBLISHED = {
    "resunet18": ("resnet18", RESNET_MAPS),
    "resunet34": ("resnet34", RESNET_MAPS),
    "resunet50": ("resnet50", RESNET_MAPS),
    "resunet101": ("resnet101", RESNET_MAPS),
    "resunet18_light": ("resnet18", RESNET_MAPS),
    "unet_vgg16": ("vgg16", VGG_MAPS),
    # After the first of these, ours is dilated where the published one is not.
    "mcdm": ("mobilenet_v2", ("features.3",)),
}
WEIGHTS = get_model_weights("mobilenet_v2")[VERSION]


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object, **__: object) -> None:
        pytest.fail("a socket was touched")

    monkeypatch.setattr(socket, "getaddrinfo", touched)
    monkeypatch.setattr(socket.socket, "connect", touched)


def _published_network(name: str) -> Any:  # noqa: ANN401 - torchvision has no types
    """Torchvision's network of random weights; its classifier takes no memory."""
    with torch.device("meta"):
        network = get_model(name).eval()
    network.fc = network.classifier = nn.Identity()
    network.to_empty(device="cpu")
    numbers = torch.Generator().manual_seed(5)
    for key, value in network.state_dict().items():
        if value.dim() > 1:
            bound = (3 / value[0].numel()) ** 0.5
            value.uniform_(-bound, bound, generator=numbers)
        elif key.endswith(("bias", "mean")):
            value.uniform_(-0.1, 0.1, generator=numbers)
        elif value.is_floating_point():
            value.uniform_(0.5, 1.5, generator=numbers)
        else:
            value.zero_()
    return network


def _features(
    published: nn.Module, maps: tuple[str, ...], photo: Tensor
) -> dict[str, Tensor]:
    """What the published network sees of a photo in a black frame."""
    first = next(part for part in published.modules() if isinstance(part, nn.Conv2d))
    frame = int(first.padding[0])
    first.padding = (0, 0)
    preset = WEIGHTS.transforms()
    framed = normalize(pad(photo, (frame,) * 4), preset.mean, preset.std)
    seen: dict[str, Tensor] = create_feature_extractor(published, list(maps))(framed)
    return seen


@pytest.mark.parametrize("architecture", PUBLISHED)
def test_the_encoder_sees_photos_as_imagenets_network_does(
    architecture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, maps = PUBLISHED[architecture]
    published = _published_network(name)
    asked: list[str] = []

    def loader(url: str, **_: object) -> dict[str, Tensor]:
        asked.append(url)
        return {k: v.clone() for k, v in published.state_dict().items()}

    monkeypatch.setattr(_api, "load_state_dict_from_url", loader)
    network: Any = build_network(architecture, 3).eval()
    decoder = {
        key: value.clone()
        for key, value in network.state_dict().items()
        if not key.startswith("encoder.")
    }
    weights = get_model_weights(name)[VERSION]
    lineage = start_from_imagenet(network, architecture)
    assert lineage == f"ImageNet (torchvision {weights})"
    assert asked == [weights.url]
    after = network.state_dict()
    assert all(torch.equal(after[key], value) for key, value in decoder.items())
    photo = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        ours = network.encoder(photo)
        theirs = _features(published, maps, photo).values()
    for mine, their in zip(ours, theirs, strict=architecture != "mcdm"):
        scale = float(their.abs().max())
        torch.testing.assert_close(mine, their, rtol=0, atol=2e-5 * scale)


def _placed(name: str) -> Path:
    path = Path(torch.hub.get_dir(), "checkpoints", name)
    path.parent.mkdir(parents=True)
    return path


def test_a_file_put_into_the_folder_serves_offline_and_dilated_weights_stay() -> None:
    published = _published_network("mobilenet_v2").state_dict()
    torch.save(published, _placed(Path(WEIGHTS.url).name))
    network: Any = build_network("mcdm", 3)
    start_from_imagenet(network, "mcdm")
    deep = network.encoder.features[14:].state_dict()
    assert len(deep) > 50
    for key, value in deep.items():
        assert torch.equal(value, published[f"features.{key}"])


def test_a_damaged_file_or_another_network_is_named() -> None:
    path = _placed(Path(WEIGHTS.url).name)
    path.write_bytes(b"<html>Not here.</html>")
    with pytest.raises(DownloadFailed, match="damaged") as caught:
        start_from_imagenet(build_network("mcdm", 3), "mcdm")
    assert str(path) in caught.value.message
    torch.save({"features.0.0.weight": torch.zeros(8, 3, 3, 3)}, path)
    with pytest.raises(DownloadFailed, match="does not hold"):
        start_from_imagenet(build_network("mcdm", 3), "mcdm")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (URLError("Name or service not known"), "no network .Name or service"),
        (TimeoutError("timed out"), "no network .timed out"),
        (HTTPError("", 403, "Forbidden", Message(), None), "answered 403 Forbidden"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_without_a_network_one_sentence_says_what_to_do(
    error: Exception,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("torch.hub.urlopen", refuse)
    with pytest.raises(DownloadFailed, match=words) as caught:
        start_from_imagenet(build_network("mcdm", 3), "mcdm")
    for needed in (WEIGHTS.url, torch.hub.get_dir(), "--start cells"):
        assert needed in caught.value.hint
    assert capsys.readouterr().out == ""  # a training speaks JSON there


def test_a_download_that_is_not_the_published_file_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Answer(io.BytesIO):
        def info(self) -> Message:
            return Message()

    monkeypatch.setattr("torch.hub.urlopen", lambda _: Answer(b"a login page"))
    with pytest.raises(DownloadFailed, match="not the file that was published"):
        start_from_imagenet(build_network("mcdm", 3), "mcdm")
    assert not list(Path(torch.hub.get_dir()).rglob("*.pth*"))


def test_an_encoder_that_imagenet_never_saw_is_refused() -> None:
    with pytest.raises(WrongUsage, match=r"no ImageNet weights .* mine"):
        start_from_imagenet(nn.Conv2d(3, 3, 1), "mine")
    with pytest.raises(WrongUsage, match=r"no ImageNet weights .* resunet50_narrow"):
        start_from_imagenet(build_network("resunet50_narrow", 3), "resunet50_narrow")


def test_all_but_a_head_of_other_classes_is_taken_over() -> None:
    ours, theirs = (
        build_network("resunet18_light", 4),
        build_network("resunet18_light", 3),
    )
    head = ours.state_dict()["head.weight"].clone()
    weights = {
        key: value.half() if value.is_floating_point() else value
        for key, value in theirs.state_dict().items()
    }
    done = transfer(ours, weights)
    assert done.left == ("head.weight", "head.bias")
    assert done.taken == done.total - 2
    after = ours.state_dict()
    assert torch.equal(after["head.weight"], head)
    assert all(
        torch.equal(value, weights[key].to(value.dtype))
        for key, value in after.items()
        if key not in done.left
    )


def test_an_encoder_alone_is_taken_over_where_the_decoder_is_another() -> None:
    ours, theirs = build_network("resunet18_light", 3), build_network("resunet18", 3)
    done = transfer(ours, theirs.state_dict())
    after, weights = ours.state_dict(), theirs.state_dict()
    encoder = [key for key in after if key.startswith("encoder.")]
    assert all(torch.equal(after[key], weights[key]) for key in encoder)
    assert len(encoder) <= done.taken < done.total
    assert "head.weight" in done.left


@pytest.mark.parametrize(
    ("one", "two"),
    [("resunet18", "resunet34"), ("resunet34", "resunet18"), ("mcdm", "unet_vgg16")],
)
def test_a_model_of_another_architecture_is_refused_whole(one: str, two: str) -> None:
    network, weights = build_network(one, 3), build_network(two, 3).state_dict()
    before = {key: value.clone() for key, value in network.state_dict().items()}
    with pytest.raises(BadModelFile, match=f"^{two} is of another .* than {one}:"):
        transfer(network, weights, source=two, target=one)
    after = network.state_dict()
    assert all(torch.equal(after[key], value) for key, value in before.items())
