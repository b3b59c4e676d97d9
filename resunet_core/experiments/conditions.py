"""What each experiment compares: conditions as data, and what the paper found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resunet_core.errors import WrongUsage
from resunet_core.model.registry import ARCHITECTURES
from resunet_core.training.plan import LossTerm

PAPER_ARCHITECTURE = "resunet50"
MIXED1 = (LossTerm("mixed1"),)
LAMBDAS = (0.1, 0.3, 1.0, 3.0, 10.0)
ALPHAS, GAMMAS = (0.25, 0.5, 0.75), (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Condition:
    """One way to train, which differs from the others in one thing only.

    Attributes:
        name: In files and on the command line.
        label: For people.
        architecture: Name in the registry.
        loss: Terms of the loss.
    """

    name: str
    label: str
    architecture: str
    loss: tuple[LossTerm, ...] = MIXED1


@dataclass(frozen=True)
class Finding:
    """Something the paper found between two conditions.

    Attributes:
        better: Name of the condition that the paper found better.
        worse: Name of the other.
        metric: Key of the metric, see `metrics.METRICS`.
        better_value: The paper's figure, if it gives one.
        worse_value: The other's.
        derived: Whether the paper's figures are worked out from gains it states.
    """

    better: str
    worse: str
    metric: str
    better_value: float | None = None
    worse_value: float | None = None
    derived: bool = False


@dataclass(frozen=True)
class Steady:
    """A figure that the paper found to depend little on the condition.

    Attributes:
        metric: Key of the metric.
        low: The paper's lowest figure.
        high: Its highest.
    """

    metric: str
    low: float
    high: float


@dataclass(frozen=True)
class Experiment:
    """One table of the paper.

    Attributes:
        name: On the command line.
        title: Of the page.
        question: What it answers.
        about: How its conditions come about, in a sentence or two.
        reference: Name of the condition that all others are compared with.
        conditions: Gives the conditions for an architecture.
        compares_networks: Whether the conditions differ in the architecture.
        findings: Of the paper.
        steady: What it found to be much alike for all conditions.
    """

    name: str
    title: str
    question: str
    about: str
    reference: str
    conditions: Callable[[str], tuple[Condition, ...]]
    compares_networks: bool = False
    findings: tuple[Finding, ...] = ()
    steady: tuple[Steady, ...] = ()


def _losses(architecture: str) -> tuple[Condition, ...]:
    named = (
        ("ce", "Cross-entropy"),
        ("dice", "Dice"),
        ("focal", "Focal"),
        ("mixed1", "Mixed1 (Dice + lambda Focal)"),
        ("mixed2", "Mixed2 (Dice + Focal + CE)"),
    )
    return tuple(
        Condition(name, label, architecture, (LossTerm(name),)) for name, label in named
    )


def _lambdas(architecture: str) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            f"lambda-{share:g}",
            f"lambda {share:g}",
            architecture,
            (LossTerm("mixed1", options={"focal_share": share}),),
        )
        for share in LAMBDAS
    )


def _focal(architecture: str) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            f"alpha-{alpha:g}-gamma-{gamma:g}",
            f"alpha {alpha:g} · gamma {gamma:g}",
            architecture,
            (
                LossTerm("dice"),
                LossTerm("focal", options={"alpha": alpha, "gamma": gamma}),
            ),
        )
        for gamma in GAMMAS
        for alpha in ALPHAS
    )


def _models(_architecture: str) -> tuple[Condition, ...]:
    return (
        Condition("resunet50", "Res-UNet (ResNet-50)", "resunet50"),
        Condition("unet_vgg16", "U-Net (VGG16)", "unet_vgg16"),
        Condition("mcdm", "MC-DM (DeepLabv3+, MobileNetV2)", "mcdm"),
        Condition("resunet18_light", "Res-UNet light (ResNet-18)", "resunet18_light"),
    )


def _backbones(_architecture: str) -> tuple[Condition, ...]:
    return tuple(
        Condition(f"resunet{depth}", f"ResNet-{depth}", f"resunet{depth}")
        for depth in (18, 34, 50, 101)
    )


_CRAQUELURE, _MIOU = "craquelure.iou", "miou"

EXPERIMENTS = {
    experiment.name: experiment
    for experiment in (
        Experiment(
            "losses",
            "Five loss functions",
            "Does the choice of the loss decide how well thin craquelure is found?",
            "One network, five losses, the paper's Table 2. Mixed1 has lambda = 1, the "
            "focal loss alpha = 0.5 and gamma = 2.",
            "mixed1",
            _losses,
            findings=(
                Finding("mixed1", "ce", _CRAQUELURE, 0.71, 0.59),
                Finding("mixed1", "dice", _CRAQUELURE, 0.71, 0.67),
                Finding("mixed1", "focal", _CRAQUELURE, 0.71, 0.69),
                Finding("mixed1", "mixed2", _CRAQUELURE, 0.71, 0.66),
                Finding("focal", "ce", _CRAQUELURE, 0.69, 0.59),
                Finding("dice", "ce", _CRAQUELURE, 0.67, 0.59),
            ),
            steady=(Steady("paint_loss.iou", 0.93, 0.94),),
        ),
        Experiment(
            "models",
            "Res-UNet and what the paper compares it with",
            "Does Res-UNet find more than U-Net and MC-DM, and at what speed?",
            "Four networks with the paper's best loss, Mixed1. The light Res-UNet is "
            "no network of the paper: a narrower decoder with normalisation. The paper "
            "counts 37.57 pictures a second for Res-UNet on a GTX 1080 Ti.",
            "resunet50",
            _models,
            compares_networks=True,
            findings=(
                Finding("resunet50", "unet_vgg16", _MIOU, 0.878, 0.858, derived=True),
                Finding("resunet50", "mcdm", _MIOU, 0.878, 0.832, derived=True),
                Finding("unet_vgg16", "mcdm", _MIOU, 0.858, 0.832, derived=True),
                Finding("resunet50", "unet_vgg16", "fps"),
            ),
        ),
        Experiment(
            "lambda",
            "How much focal loss",
            "How does lambda in Dice + lambda Focal change what is found?",
            "Mixed1 with five values of lambda from 0.1 to 10.",
            "lambda-1",
            _lambdas,
        ),
        Experiment(
            "focal",
            "Alpha and gamma of the focal loss",
            "Which alpha and gamma serve best?",
            "The focal part of Mixed1 with nine pairs of alpha and gamma; the paper's "
            "are 0.5 and 2. One alpha for all classes only scales the focal loss: "
            "alone it would change nothing under Adam, so Dice is kept beside it.",
            "alpha-0.5-gamma-2",
            _focal,
        ),
        Experiment(
            "backbones",
            "Depth of the encoder",
            "Does a deeper ResNet find more?",
            "Res-UNet on four encoders with the paper's best loss, Mixed1. The paper "
            "chose ResNet-50.",
            "resunet50",
            _backbones,
            compares_networks=True,
        ),
    )
}
"""All experiments by name."""


def chosen_conditions(
    experiment: Experiment, architecture: str | None, wanted: Sequence[str] | None
) -> tuple[Condition, ...]:
    """The conditions of an experiment, all or some, on an architecture.

    An experiment that compares networks takes any architecture as a condition.

    Raises:
        WrongUsage: There is no such architecture or condition, or fewer than two are
            left.
    """
    if architecture is not None and experiment.compares_networks:
        raise WrongUsage(
            f"The experiment {experiment.name} compares architectures itself.",
            "Leave out --arch, or choose some with --conditions.",
        )
    if architecture is not None and architecture not in ARCHITECTURES:
        raise WrongUsage(
            f"There is no architecture called {architecture!r}.",
            f"Known are {', '.join(ARCHITECTURES)}.",
        )
    every = experiment.conditions(architecture or PAPER_ARCHITECTURE)
    if wanted is None:
        return every
    if experiment.compares_networks:  # any other network may join
        known = {condition.name for condition in every}
        others = [
            name for name in wanted if name in ARCHITECTURES and name not in known
        ]
        every = (*every, *(Condition(name, name, name) for name in others))
    names = [condition.name for condition in every]
    for name in wanted:
        if name not in names:
            raise WrongUsage(
                f"The experiment {experiment.name} has no condition {name!r}.",
                f"It has {', '.join(names)}.",
            )
    chosen = tuple(condition for condition in every if condition.name in wanted)
    if len(chosen) < 2:
        raise WrongUsage(
            "One condition alone cannot be compared.", "Name at least two."
        )
    return chosen


def reference_of(experiment: Experiment, conditions: Sequence[Condition]) -> Condition:
    """The condition to compare with: the paper's choice, or else the first."""
    for condition in conditions:
        if condition.name == experiment.reference:
            return condition
    return conditions[0]
