"""A topology read off a torch network."""

import operator
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from torch import fx, nn

from resunet_core.model.topology import PHOTO, Step, Topology

LEAVES = (
    nn.Conv2d,
    nn.BatchNorm2d,
    nn.ReLU,
    nn.ReLU6,
    nn.MaxPool2d,
    nn.PixelShuffle,
    nn.Dropout,
    nn.Identity,
)


def topology_of(network: nn.Module) -> Topology:
    """The graph of a network in evaluation mode; its cost is left at nothing.

    Raises:
        NotImplementedError: It has an operation that topologies have no word for.
    """
    tracer = _Tracer()
    graph = tracer.trace(network)
    reading = _Reading(network)
    for node in graph.nodes:
        reading.take(node)
    maps = tuple(reading.values[node] for node in tracer.maps)
    return Topology(tuple(reading.steps), maps, reading.logits)


class _Tracer(fx.Tracer):
    """Follows a photo through all but the plainest modules, and notes the maps."""

    def __init__(self) -> None:
        super().__init__()
        self.maps: list[fx.Node] = []

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """Whether a module is one step."""
        del module_qualified_name
        return isinstance(m, LEAVES)

    def call_module(
        self,
        m: nn.Module,
        forward: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - as torch declares it
        """One step, or what the module does in turn."""
        if self.is_leaf_module(m, ""):
            return super().call_module(m, forward, args, kwargs)
        # Not torch's own: it refuses parts of a sequence that are cut out on the way.
        found = forward(*args, **kwargs)
        if m is getattr(self.root, "encoder", None):
            self.maps = [proxy.node for proxy in found]
        return found


class _Reading:
    """Turns nodes of a trace into steps, one after the other."""

    def __init__(self, network: nn.Module) -> None:
        self.network = network
        self.steps: list[Step] = []
        self.values: dict[fx.Node, int] = {}
        self.sizes: dict[fx.Node, fx.Node] = {}  # a shape, or part of it: of what
        self.logits = PHOTO

    def take(self, node: fx.Node) -> None:
        """Read one node."""
        if node.op == "placeholder":
            self.values[node] = PHOTO
        elif node.op == "output":
            self.logits = self.values[_node(node.args[0])]
        elif node.op == "call_module":
            self._module(node)
        elif not self._is_about_sizes(node):
            self._call(node)

    def _add(self, node: fx.Node, kind: str, *inputs: Any, **rest: Any) -> None:  # noqa: ANN401 - nodes and settings as fx gives them
        numbers = tuple(self.values[_node(value)] for value in inputs)
        weights = rest.pop("weights", "")
        self.steps.append(Step(kind, numbers, weights, rest))
        self.values[node] = len(self.steps)

    def _module(self, node: fx.Node) -> None:
        module = self.network.get_submodule(str(node.target))
        source, name = node.args[0], str(node.target)
        match module:
            case nn.Conv2d():
                settings = {
                    key: list(getattr(module, key))
                    for key in ("stride", "padding", "dilation")
                }
                self._add(
                    node,
                    "conv",
                    source,
                    weights=name,
                    groups=module.groups,
                    bias=module.bias is not None,
                    kernel=list(module.weight.shape[1:]),
                    **settings,
                )
            case nn.BatchNorm2d():
                self._add(node, "norm", source, weights=name, eps=module.eps)
            case nn.MaxPool2d():
                self._add(
                    node,
                    "max_pool",
                    source,
                    kernel=module.kernel_size,
                    stride=module.stride,
                    padding=module.padding,
                    ceil=module.ceil_mode,
                )
            case nn.PixelShuffle():
                self._add(node, "shuffle", source, factor=module.upscale_factor)
            case nn.ReLU6():
                self._add(node, "relu6", source)
            case nn.ReLU():
                self._add(node, "relu", source)
            case _:  # in evaluation mode they do nothing
                self.values[node] = self.values[_node(source)]

    def _is_about_sizes(self, node: fx.Node) -> bool:
        """Whether it is `x.shape` or a part of that, which makes no value."""
        if node.target is getattr and node.args[1] == "shape":
            self.sizes[node] = _node(node.args[0])
        elif node.target is operator.getitem and node.args[0] in self.sizes:
            self.sizes[node] = self.sizes[_node(node.args[0])]
        else:
            return False
        return True

    def _call(self, node: fx.Node) -> None:
        arguments = node.args
        match node.target:
            case operator.add | operator.iadd:
                self._add(node, "add", *arguments)
            case torch.cat if node.kwargs.get("dim") == 1:
                parts: Any = arguments[0]
                self._add(node, "join", *parts)
            case F.interpolate if not node.kwargs["align_corners"]:
                like = self.sizes[_node(node.kwargs["size"])]
                self._add(node, "enlarge", arguments[0], like)
            case operator.getitem:
                *_, rows = _node_parts(arguments[1])
                self._add(node, "crop", arguments[0], self.sizes[rows.stop])
            case "mean" if node.kwargs == {"dim": (2, 3), "keepdim": True}:
                self._add(node, "mean", arguments[0])
            case "expand_as":
                self._add(node, "expand", *arguments)
            case _:
                raise NotImplementedError(f"no topology has {node.target} ({node})")


def _node(value: object) -> fx.Node:
    if not isinstance(value, fx.Node):
        raise NotImplementedError(f"no topology has the constant {value!r}")
    return value


def _node_parts(index: Any) -> tuple[slice, ...]:  # noqa: ANN401 - an index as fx gives it
    """The slices of an index, after its ellipsis."""
    return tuple(part for part in index if isinstance(part, slice))
