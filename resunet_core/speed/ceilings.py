"""What this computer can do at best: multiply, copy, decode."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyvips

from resunet_core.errors import CaihuaError
from resunet_core.inference.eight_bit import weight_limits
from resunet_core.inference.engine import cpu_threads
from resunet_core.inference.openvino_engine import the_library
from resunet_core.speed.machine import usable_cores

CHANNELS, SIDE, LAYERS = 512, 48, 2
"""A chain of wide convolutions: products and sums alone, as good as nothing else."""
COPY_BYTES = 2**27
TIMES = 3
GEMM_SIDE = 1536


@dataclass(frozen=True)
class Ceilings:
    """The best that was seen here.

    Attributes:
        gmac_s: By precision, 10^9 multiplications with their addition a second.
        copy_gb_s: 10^9 bytes read and written a second, by all cores together.
        jpeg_mp_s: Megapixels of a JPEG decoded a second, as libvips does it.
    """

    gmac_s: dict[str, float]
    copy_gb_s: float
    jpeg_mp_s: float


def measure_ceilings(photo: Path) -> Ceilings:
    """Measure for some seconds; `photo` is a JPEG."""
    speeds = {"float32": _numpy_gmac_s()}
    for precision in ("float32", "int8"):
        with suppress(CaihuaError, ImportError, RuntimeError):  # no OpenVINO here
            found = _convolution_gmac_s(in_eight_bits=precision == "int8")
            speeds[precision] = max(speeds.get(precision, 0.0), found)
    return Ceilings(
        gmac_s={precision: round(speed, 1) for precision, speed in speeds.items()},
        copy_gb_s=round(_copy_gb_s(), 1),
        jpeg_mp_s=round(_jpeg_mp_s(photo), 1),
    )


def cuda_gmac_s() -> float:
    """Of half-precision matrices on the GPU, which torch must have found."""
    import torch  # noqa: PLC0415 - only where there is a GPU

    side = 4 * GEMM_SIDE
    one = torch.randn(side, side, device="cuda", dtype=torch.float16)

    def multiply() -> None:
        _ = one @ one
        torch.cuda.synchronize()

    return side**3 / _best(multiply) / 1e9


def _best(act: Callable[[], object]) -> float:
    """Seconds of the fastest of some runs after the first."""
    act()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _numpy_gmac_s() -> float:
    one = np.random.default_rng(0).random((GEMM_SIDE, GEMM_SIDE), np.float32)
    return float(GEMM_SIDE**3) / _best(lambda: one @ one) / 1e9


def _convolution_gmac_s(*, in_eight_bits: bool) -> float:
    ov = the_library()
    from openvino import opset15 as ops  # noqa: PLC0415 - only where it is used

    photo = ops.parameter([1, CHANNELS, SIDE, SIDE], np.float32)
    draw = np.random.default_rng(0)
    kernel = draw.normal(0, 0.01, (CHANNELS, CHANNELS, 3, 3)).astype(np.float32)
    low, high, levels = weight_limits(kernel)
    zero, one = np.float32(0), np.float32(1)
    value: Any = photo
    for _ in range(LAYERS):
        weights: Any = ops.constant(kernel)
        if in_eight_bits:
            value = ops.fake_quantize(value, zero, one, zero, one, 256)
            weights = ops.fake_quantize(weights, low, high, low, high, levels)
        ones = [1, 1]
        value = ops.relu(ops.convolution(value, weights, ones, ones, ones, ones))
    graph = ov.Model([value.output(0)], [photo], "ceiling")
    settings: dict[str, Any] = {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": 1,
        "INFERENCE_PRECISION_HINT": "f32",
        "ENABLE_CPU_PINNING": False,
    }
    if threads := cpu_threads():
        settings["INFERENCE_NUM_THREADS"] = threads
    request = ov.Core().compile_model(graph, "CPU", settings).create_infer_request()
    pixels = draw.random((1, CHANNELS, SIDE, SIDE), np.float32)
    seconds = _best(lambda: request.infer([pixels], share_inputs=True))
    return LAYERS * SIDE**2 * kernel.size / seconds / 1e9


def _copy_gb_s() -> float:
    cores = cpu_threads() or usable_cores()
    from_where = np.ones((cores, COPY_BYTES // cores), np.uint8)
    to = np.zeros_like(from_where)
    with ThreadPoolExecutor(cores) as pool:

        def copy() -> None:
            list(pool.map(np.copyto, to, from_where))

        return 2 * from_where.nbytes / _best(copy) / 1e9


def _jpeg_mp_s(photo: Path) -> float:
    data = photo.read_bytes()
    header = pyvips.Image.new_from_buffer(data, "")

    def decode() -> None:
        whole = pyvips.Image.new_from_buffer(data, "", access="sequential")
        whole.copy_memory()

    return float(header.width * header.height) / _best(decode) / 1e6
