"""How fast this machine learns: measured, not guessed."""

import time

import torch
from torch import nn

from resunet_core.model.model_file import load_model
from resunet_core.training.learn import trainable


def seconds_a_step(
    model: str, crop_px: int, batch: int, device: torch.device
) -> dict[str, float]:
    """What one step and one megapixel of judging cost here, on random pictures.

    Args:
        model: Name or file of the model that would learn.
        crop_px: Side of a crop.
        batch: Crops a step.
        device: To learn on.
    """
    began = time.monotonic()
    network = trainable(load_model(model, device)).train()
    encoder = getattr(network, "encoder", None)
    if isinstance(encoder, nn.Module):
        encoder.requires_grad_(requires_grad=False).eval()
    loaded = time.monotonic()
    photos = torch.rand(batch, 3, crop_px, crop_px, device=device)
    photos = photos.contiguous(memory_format=torch.channels_last)
    costs = []
    for _ in range(3):
        since = time.monotonic()
        network(photos).square().mean().backward()
        if device.type == "cuda":
            torch.cuda.synchronize()
        costs.append(time.monotonic() - since)
    network.eval()
    since = time.monotonic()
    with torch.inference_mode():
        network(photos)
    megapixels = batch * crop_px**2 / 1e6
    return {
        "load_s": loaded - began,
        "step_s": min(costs[1:]),
        "judge_s_a_mp": (time.monotonic() - since) / megapixels,
    }
