"""How a crop was lit and photographed, changed at random: whole batches at once.

A look is drawn beside the crop, as a few numbers, and applied in torch: on the GPU
where the batch lies there. Masks stay as they are, since nothing moves. A crop's result
is a function of its pixels, its look and its seed, whatever batch it is in.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from numpy.typing import NDArray
from torch import Tensor

Value = TypeVar("Value")

# Every order of the three channels; the first leaves them as they are.
ORDERS = tuple(itertools.permutations(range(3)))
# Pixels are stored about as the 2.2nd root of the light: a stop is this factor there.
STOP = 2 ** (1 / 2.2)
# Far enough for the widest Gaussian that is drawn, in pixels.
REACH_PX = 4
# No more exposure where the mean is as light as this: the damage would vanish, and its
# label lie.
BURNT_OUT = 0.85


class Look(NamedTuple, Generic[Value]):
    """One crop's numbers, or a column of each for a batch, in the order they act."""

    order: Value  # which of ORDERS
    inverted: Value  # 1 turns light to dark
    hue: Value  # turn about the grey axis, degrees
    saturation: Value  # 0 grey, 1 as it is
    gamma: Value
    contrast: Value  # about the mean of the picture
    red: Value  # white balance: a factor per channel
    green: Value
    blue: Value
    brightness: Value  # added to a mid-grey picture, of 1; less to dark and light ones
    stops: Value  # of exposure, as far as the picture is not burnt out
    slope: Value  # change of the light across the picture, of 1
    slope_angle: Value  # where it grows to: radians, 0 right, a quarter turn down
    shadow: Value  # depth of a cast shadow, 0 none, of 1
    shadow_angle: Value  # where it lies, as above
    shadow_at: Value  # its edge: -0.5 and 0.5 are the rims, 0 the middle
    shadow_softness: Value  # of its edge, in picture widths
    detail: Value  # share of the fine detail added; -1 takes it away: blur
    detail_px: Value  # what is fine: sigma of a Gaussian, pixels
    noise: Value  # deviation of each value, of 1


LOOK_SIZE = len(Look._fields)
_PLAIN = Look(
    order=0.0,
    inverted=0.0,
    hue=0.0,
    saturation=1.0,
    gamma=1.0,
    contrast=1.0,
    red=1.0,
    green=1.0,
    blue=1.0,
    brightness=0.0,
    stops=0.0,
    slope=0.0,
    slope_angle=0.0,
    shadow=0.0,
    shadow_angle=0.0,
    shadow_at=0.0,
    shadow_softness=0.1,
    detail=0.0,
    detail_px=1.0,
    noise=0.0,
)
PLAIN_LOOK: NDArray[np.float32] = np.array(_PLAIN, np.float32)
"""The look that changes nothing."""


def make_look(**values: float) -> NDArray[np.float32]:
    """A look that is plain but for the named fields of `Look`."""
    return np.array(_PLAIN._replace(**values), np.float32)


def draw_look(rng: np.random.Generator) -> NDArray[np.float32]:
    """One crop's look, float32 [LOOK_SIZE], as strong as colours and cameras differ."""
    return np.array(_camera(_room(_paint(_PLAIN, rng), rng), rng), np.float32)


def _paint(look: Look[float], rng: np.random.Generator) -> Look[float]:
    """Other pigments: the order of channels, inversion, hue, saturation."""
    if rng.random() < 0.25:
        look = look._replace(order=float(rng.integers(len(ORDERS))))
    if rng.random() < 0.12:
        look = look._replace(inverted=1.0)
    if rng.random() < 0.5:
        hue, saturation = rng.uniform(0, 360), rng.uniform(0.3, 1.8)
        look = look._replace(hue=hue, saturation=saturation)
    return look


def _room(look: Look[float], rng: np.random.Generator) -> Look[float]:
    """Other light: its colour, its slope, a cast shadow now and then."""
    red, green, blue = rng.normal(1, 0.08, 3)
    look = look._replace(
        red=red,
        green=green,
        blue=blue,
        slope=rng.normal(0, 0.2),
        slope_angle=rng.uniform(0, math.tau),
    )
    if rng.random() < 0.2:
        look = look._replace(
            shadow=rng.uniform(0.15, 0.5),
            shadow_angle=rng.uniform(0, math.tau),
            shadow_at=rng.uniform(-0.4, 0.4),
            shadow_softness=rng.uniform(0.01, 0.15),
        )
    return look


def _camera(look: Look[float], rng: np.random.Generator) -> Look[float]:
    """Another camera: its curve and exposure, blur or sharpening, noise."""
    look = look._replace(
        gamma=math.exp(rng.normal(0, 0.3)),
        contrast=math.exp(rng.normal(0, 0.25)),
        brightness=rng.normal(0, 0.05),
    )
    if rng.random() < 0.5:
        look = look._replace(stops=rng.uniform(-1, 1))
    choice = rng.random()
    if choice < 0.25:
        look = look._replace(detail=-1.0, detail_px=rng.uniform(0.3, 1.1))
    elif choice < 0.4:
        amount, sigma = rng.uniform(0.3, 1.2), rng.uniform(0.6, 1.4)
        look = look._replace(detail=amount, detail_px=sigma)
    if rng.random() < 0.4:
        look = look._replace(noise=rng.uniform(1, 9) / 255)
    return look


@torch.no_grad()
def apply_looks(photos: Tensor, looks: Tensor, seeds: Sequence[int] | Tensor) -> Tensor:
    """The photos as their looks have them; the same on a GPU but for noise, rounding.

    Args:
        photos: Float [N, 3, H, W] in 0..1; left as they are.
        looks: [N, LOOK_SIZE]; best not on the GPU, which would have to be waited for.
        seeds: [N], of the noise. On the CPU torch heeds the lower 32 bits only.

    Returns:
        Float [N, 3, H, W] in 0..1, where the photos lie.
    """
    look = Look(*looks.detach().cpu().float().unbind(1))
    shown = _coloured(photos, look)
    _tone(shown, look)
    _light(shown, look)
    _focus(shown.clamp_(0, 1), look)
    _grain(shown, look, seeds)
    return shown.clamp_(0, 1)


def _coloured(photos: Tensor, look: Look[Tensor]) -> Tensor:
    """Channel order, inversion, hue and saturation: one matrix for each picture.

    Summed by hand: a matrix product would be rounded to half precision where the
    training around it is.
    """
    turned, inverted = _colour_matrices(look)
    matrix = turned.to(photos)[..., None, None]
    added = inverted.to(photos)[:, None, None]
    shown = torch.empty_like(photos, memory_format=torch.contiguous_format)
    for channel in range(3):
        plane, factors = shown[:, channel], matrix[:, channel]
        torch.mul(photos[:, 0], factors[:, 0], out=plane)
        plane.addcmul_(photos[:, 1], factors[:, 1])
        plane.addcmul_(photos[:, 2], factors[:, 2]).add_(added)
    return shown


def _colour_matrices(look: Look[Tensor]) -> tuple[Tensor, Tensor]:
    """[N, 3, 3] and the constant that each channel gains, [N]."""
    angle = torch.deg2rad(look.hue)
    mean = torch.full((3, 3), 1 / 3)
    across = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    cosine, sine, kept = (
        part[:, None, None] for part in (angle.cos(), angle.sin(), look.saturation)
    )
    turn = cosine * (torch.eye(3) - mean) + sine * across
    ordered = torch.eye(3)[torch.tensor(ORDERS)][look.order.long()]
    # Greys stay where they are, so that inverting before or after is the same.
    matrix = (kept * turn + mean) @ ordered * (1 - 2 * look.inverted)[:, None, None]
    return matrix, look.inverted


def _tone(shown: Tensor, look: Look[Tensor]) -> None:
    """Gamma, contrast, white balance, brightness and exposure, in place."""
    shown.clamp_(0, 1).pow_(_per_photo(look.gamma, shown))
    # Line by line, so that the mean of a picture does not hang on its neighbours.
    middle = shown.mean(3).flatten(1).mean(1)[:, None, None, None]
    contrast = _per_photo(look.contrast, shown)
    balance = torch.stack((look.red, look.green, look.blue), 1)
    balance = balance.to(shown)[..., None, None]
    # A whole step added would turn a dark picture black, and a light one white.
    room = 4 * middle * (1 - middle)
    brightness = _per_photo(look.brightness, shown) * room
    most = (BURNT_OUT / (middle + brightness).clamp_min(1e-3)).clamp_min(1)
    exposure = torch.minimum(_per_photo(STOP**look.stops, shown), most)
    added = balance * (1 - contrast) * middle + brightness
    shown.mul_(contrast * balance * exposure).add_(added * exposure)


def _light(shown: Tensor, look: Look[Tensor]) -> None:
    """A brightness slope and the soft edge of a cast shadow, in place."""
    if not look.slope.any() and not look.shadow.any():
        return
    right, down = _along(shown, look.slope_angle, look.slope)
    light = (1 + down) + right
    shaded = look.shadow.nonzero().flatten()
    if len(shaded):
        right, down = _along(shown, look.shadow_angle[shaded], torch.ones(len(shaded)))
        at, softness, depth = (
            column[shaded].to(shown)[:, None, None]
            for column in (look.shadow_at, look.shadow_softness, look.shadow)
        )
        # Not `sigmoid`, whose last bit hangs on where in memory a value lies.
        shade = 1 / (((at - down - right) / softness).exp_() + 1)
        light[shaded.to(shown.device)] *= 1 - depth * shade
    shown.mul_(light[:, None])


def _along(shown: Tensor, angle: Tensor, rise: Tensor) -> tuple[Tensor, Tensor]:
    """Way along `angle`, 0 in the middle, times `rise`: [N, 1, W] and [N, H, 1]."""
    height, width = shown.shape[2:]
    columns = (torch.arange(width) + 0.5) / width - 0.5
    rows = (torch.arange(height) + 0.5) / height - 0.5
    right = (rise * angle.cos())[:, None] * columns
    down = (rise * angle.sin())[:, None] * rows
    return right.to(shown)[:, None, :], down.to(shown)[:, :, None]


def _focus(shown: Tensor, look: Look[Tensor]) -> None:
    """Blur or sharpening of those pictures that have it, in place."""
    chosen = look.detail.nonzero().flatten()
    if not len(chosen):
        return
    where = chosen.to(shown.device)
    steps = torch.arange(REACH_PX + 1)
    sigma = look.detail_px[chosen, None].clamp_min(1e-3)
    weights = torch.exp(-0.5 * (steps / sigma) ** 2)
    weights /= weights[:, :1] + 2 * weights[:, 1:].sum(1, keepdim=True)
    sharp = shown[where]
    soft = _smoothed(_smoothed(sharp, weights, 2), weights, 3)
    amount = _per_photo(look.detail[chosen], shown)
    shown[where] = torch.addcmul(sharp, sharp - soft, amount)


def _smoothed(photos: Tensor, weights: Tensor, axis: int) -> Tensor:
    """Each picture smoothed along one axis by its own even kernel, [N, REACH + 1].

    As sums of shifted pictures: not the business of any library's choice of how to
    convolve, which may differ from batch to batch.
    """
    length = photos.shape[axis]
    rim = (0, 0, REACH_PX, REACH_PX) if axis == 2 else (REACH_PX, REACH_PX, 0, 0)
    padded = F.pad(photos, rim, mode="replicate")
    factors = weights.to(photos)[..., None, None, None]
    smooth = photos * factors[:, 0]
    for step in range(1, REACH_PX + 1):
        before = padded.narrow(axis, REACH_PX - step, length)
        after = padded.narrow(axis, REACH_PX + step, length)
        smooth.addcmul_(before + after, factors[:, step])
    return smooth


def _grain(shown: Tensor, look: Look[Tensor], seeds: Sequence[int] | Tensor) -> None:
    """The sensor's noise of those pictures that have it, in place."""
    numbers = seeds.tolist() if isinstance(seeds, Tensor) else seeds
    generator = torch.Generator(shown.device)
    for index in look.noise.nonzero().flatten().tolist():
        generator.manual_seed(int(numbers[index]))
        grain = torch.empty_like(shown[index]).normal_(generator=generator)
        shown[index].add_(grain, alpha=float(look.noise[index]))


def _per_photo(column: Tensor, shown: Tensor) -> Tensor:
    return column.to(shown)[:, None, None, None]
