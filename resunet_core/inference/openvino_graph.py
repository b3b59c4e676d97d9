"""A topology and its weights as a graph of OpenVINO.

Built operation by operation, so that neither torch nor a converter is needed, and any
model file of the architecture fits, whatever it was taught.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from resunet_core.inference.eight_bit import Ranges, weight_limits
from resunet_core.model.topology import PHOTO, Step, Topology

if TYPE_CHECKING:
    from openvino import Model, Output

Weights = Mapping[str, NDArray[Any]]
LEVELS = 256
"""Values that eight bits can have."""


def build_graph(
    topology: Topology,
    weights: Weights,
    *,
    temperature: float = 1.0,
    beside: Sequence[int] = (),
    ranges: Ranges | None = None,
) -> "Model":
    """From uint8 [N, H, W, 3] to probabilities, float32 [N, C, H, W], and more.

    Args:
        topology: The network.
        weights: By their names in the model file.
        temperature: Divides the logits before the softmax.
        beside: Numbers of values that come out as well, such as the encoder's maps.
        ranges: Of the values that are computed with in 8 bits; None for none.

    Raises:
        KeyError: A weight is missing.
        ValueError: A weight has another shape, or a step is of no known kind.
        RuntimeError: OpenVINO finds that they do not fit.
    """
    import openvino as ov  # noqa: PLC0415 - only where it is used
    from openvino import opset15 as ops  # noqa: PLC0415 - likewise

    tiles = ops.parameter([-1, -1, -1, 3], np.uint8, "tiles")
    last = ops.transpose(tiles, np.array([0, 3, 1, 2], np.int32))
    photo = ops.multiply(ops.convert(last, "f32"), np.float32(1 / 255))
    graph = _Graph(ops, _folded(topology, weights), photo.output(0), ranges or {})
    for number, step in enumerate(topology.steps, start=1):
        graph.take(number, step)
    logits = ops.divide(graph.values[topology.logits], np.float32(temperature))
    shares = ops.softmax(logits, 1)
    first, end, by, axis = (np.array([n], np.int64) for n in (1, 2**31, 1, 1))
    defects = ops.slice(shares, first, end, by, axis)
    given = [graph.values[number] for number in beside]
    return ov.Model([defects.output(0), *given], [tiles], "network")


class _Folded(dict[int, tuple[NDArray[np.float32], NDArray[np.float32] | None]]):
    """Of each convolution its kernel and bias, by the number of what it gives."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped: set[int] = set()
        """Normalisations that went into the convolution before them."""
        self.scales: dict[int, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
        """Of each other normalisation what it multiplies by and adds."""


def _folded(topology: Topology, weights: Weights) -> _Folded:
    """Normalisations become part of the convolution before them, in 64 bits."""
    found = _Folded()
    uses = [value for step in topology.steps for value in step.inputs]
    uses += [*topology.maps, topology.logits]
    for number, step in enumerate(topology.steps, start=1):
        if step.kind == "conv":
            bias = weights[f"{step.weights}.bias"] if step.settings["bias"] else None
            kernel = np.asarray(weights[f"{step.weights}.weight"], np.float32)
            if list(kernel.shape[1:]) != step.settings["kernel"]:
                raise ValueError(f"{step.weights}.weight has another shape")
            found[number] = (
                kernel,
                None if bias is None else np.asarray(bias, np.float32),
            )
        elif step.kind == "norm":
            scale, shift = _scale_and_shift(step, weights)
            (before,) = step.inputs
            if before in found and uses.count(before) == 1:
                kernel, bias = found[before]
                wide = kernel * scale[:, None, None, None]
                moved = shift if bias is None else bias * scale + shift
                found[before] = wide.astype(np.float32), moved.astype(np.float32)
                found.skipped.add(number)
            else:
                found.scales[number] = (
                    scale.astype(np.float32),
                    shift.astype(np.float32),
                )
    return found


def _scale_and_shift(
    step: Step, weights: Weights
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    gain, offset, mean, variance = (
        np.asarray(weights[f"{step.weights}.{name}"], np.float64)
        for name in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gain / np.sqrt(variance + step.settings["eps"])
    return scale, offset - mean * scale


class _Graph:
    """Adds one step after the other."""

    def __init__(
        self,
        ops: Any,  # noqa: ANN401 - a module
        folded: _Folded,
        photo: "Output",
        ranges: Ranges,
    ) -> None:
        self.ops = ops
        self.folded = folded
        self.ranges = ranges
        self.values: dict[int, Output] = {PHOTO: photo}
        self._coarse: dict[int, Output] = {}
        self._kinds: dict[str, Callable[..., Any]] = {
            "conv": self._conv,
            "norm": self._norm,
            "relu": lambda _, __, value: ops.relu(value),
            "relu6": lambda _, __, value: ops.clamp(value, 0.0, 6.0),
            "max_pool": self._max_pool,
            "add": lambda _, __, one, other: ops.add(one, other),
            "join": lambda _, __, *parts: ops.concat(list(parts), 1),
            "mean": lambda _, __, value: ops.reduce_mean(value, _axes(2, 3), True),  # noqa: FBT003 - keep_dims by place
            "shuffle": lambda _, step, value: ops.depth_to_space(
                value, "depth_first", step.settings["factor"]
            ),
            "enlarge": self._enlarge,
            "expand": lambda _, __, value, like: ops.broadcast(
                value, ops.shape_of(like), broadcast_spec="BIDIRECTIONAL"
            ),
            "crop": self._crop,
        }

    def take(self, number: int, step: Step) -> None:
        """Add the step that makes value `number`."""
        make = self._kinds.get(step.kind)
        if make is None:
            raise ValueError(f"no step is called {step.kind}")
        taken = [self._taken(value, step.kind) for value in step.inputs]
        made = make(number, step, *taken)
        self.values[number] = made if hasattr(made, "get_node") else made.output(0)

    def _taken(self, number: int, kind: str) -> "Output":
        """A value as a step takes it: in few levels where ranges say so."""
        value = self.values[number]
        if number not in self.ranges or kind not in {"conv", "add", "max_pool"}:
            return value
        if number not in self._coarse:
            low, high = (np.float32(limit) for limit in self.ranges[number])
            coarse = self.ops.fake_quantize(value, low, high, low, high, LEVELS)
            self._coarse[number] = coarse.output(0)
        return self._coarse[number]

    def _conv(self, number: int, step: Step, value: "Output") -> Any:  # noqa: ANN401 - a node
        kernel, bias = self.folded[number]
        settings, ops = step.settings, self.ops
        weights: Any = ops.constant(kernel)
        if step.inputs[0] in self.ranges:
            low, high, levels = weight_limits(kernel)
            weights = ops.fake_quantize(weights, low, high, low, high, levels)
        strides, pads, dilations = (
            settings[name] for name in ("stride", "padding", "dilation")
        )
        groups = settings["groups"]
        if groups == 1:
            made = ops.convolution(value, weights, strides, pads, pads, dilations)
        else:
            outputs, inputs, *sides = kernel.shape
            split = np.array([groups, outputs // groups, inputs, *sides], np.int64)
            apart = ops.reshape(weights, split, False)  # noqa: FBT003 - special_zero by place
            made = ops.group_convolution(value, apart, strides, pads, pads, dilations)
        if bias is None:
            return made
        return ops.add(made, bias.reshape(1, -1, 1, 1))

    def _norm(self, number: int, step: Step, value: "Output") -> Any:  # noqa: ANN401 - a node
        del step
        if number in self.folded.skipped:
            return value
        scale, shift = (
            part.reshape(1, -1, 1, 1) for part in self.folded.scales[number]
        )
        return self.ops.add(self.ops.multiply(value, scale), shift)

    def _max_pool(self, number: int, step: Step, value: "Output") -> Any:  # noqa: ANN401 - a node
        del number
        kernel, stride, padding = (
            [step.settings[name]] * 2 for name in ("kernel", "stride", "padding")
        )
        rounding = "ceil_torch" if step.settings["ceil"] else "floor"
        pooled = self.ops.max_pool(
            value, stride, [1, 1], padding, padding, kernel, rounding
        )
        return pooled.output(0)

    def _enlarge(self, number: int, step: Step, value: "Output", like: "Output") -> Any:  # noqa: ANN401 - a node
        del number, step
        return self.ops.interpolate(
            value,
            self._size_of(like),
            mode="linear_onnx",
            shape_calculation_mode="sizes",
            coordinate_transformation_mode="half_pixel",
            axes=_axes(2, 3),
        )

    def _crop(self, number: int, step: Step, value: "Output", like: "Output") -> Any:  # noqa: ANN401 - a node
        del number, step
        zeros, ones = np.zeros(2, np.int64), np.ones(2, np.int64)
        return self.ops.slice(value, zeros, self._size_of(like), ones, _axes(2, 3))

    def _size_of(self, value: "Output") -> Any:  # noqa: ANN401 - a node
        """Height and width."""
        shape = self.ops.shape_of(value)
        return self.ops.gather(shape, _axes(2, 3), np.int64(0))


def _axes(*numbers: int) -> NDArray[np.int64]:
    return np.array(numbers, np.int64)


def overflow_graph() -> "Model":
    """Two convolutions in 8 bits, float32 [1, 64, 32, 32] of ones in; alike out.

    Computed rightly, ones come out. A processor that adds two products in 16 bits gives
    about half: values and weights are the greatest that there are.
    """
    import openvino as ov  # noqa: PLC0415 - only where it is used
    from openvino import opset15 as ops  # noqa: PLC0415 - likewise

    ones = ops.parameter([1, 64, 32, 32], np.float32, "ones")
    zero, one = np.float32(0), np.float32(1)
    kernel = np.full((64, 64, 3, 3), 1 / 576, np.float32)
    low, high, levels = weight_limits(kernel)
    value: Any = ones
    for _ in range(2):
        coarse = ops.fake_quantize(value, zero, one, zero, one, LEVELS)
        weights = ops.fake_quantize(ops.constant(kernel), low, high, low, high, levels)
        sums = ops.convolution(coarse, weights, [1, 1], [1, 1], [1, 1], [1, 1])
        value = ops.relu(ops.add(sums, np.zeros((1, 64, 1, 1), np.float32)))
    return ov.Model([value.output(0)], [ones], "overflow")
