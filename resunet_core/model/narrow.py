"""Residual networks of fewer channels: weights that are free to ship, and speed."""

from torch import nn
from torchvision.models import resnet

WIDTHS = (32, 64, 128, 256)
BLOCKS = (3, 4, 6, 3)
EXPANSION = 4
STEM = 64
CHANNELS = (STEM, *(EXPANSION * width for width in WIDTHS))


FAST_CHANNELS = (32, 32, 64, 128, 192)


class NarrowResNet50(nn.Module):
    """ResNet-50 with half of the channels, the stem whole, without the classifier.

    Its parts have torchvision's names. As in the first publication (He et al. 2016, and
    Caffe's models of it) a stage is entered with the stride in its first 1x1
    convolution, and the pooling reaches over the last row and column instead of before
    the first ones.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, STEM, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(STEM)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.layer1 = _stage(STEM, 0, stride=1)
        self.layer2 = _stage(CHANNELS[1], 1, stride=2)
        self.layer3 = _stage(CHANNELS[2], 2, stride=2)
        self.layer4 = _stage(CHANNELS[3], 3, stride=2)


class FastResNet18(nn.Module):
    """ResNet-18 with a half to a third of the channels, without the classifier."""

    def __init__(self) -> None:
        super().__init__()
        stem, *stages = FAST_CHANNELS
        self.conv1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = _plain_stage(stem, stages[0], stride=1)
        self.layer2 = _plain_stage(stages[0], stages[1], stride=2)
        self.layer3 = _plain_stage(stages[1], stages[2], stride=2)
        self.layer4 = _plain_stage(stages[2], stages[3], stride=2)


def _plain_stage(inputs: int, outputs: int, *, stride: int) -> nn.Sequential:
    shortcut = None
    if stride > 1 or inputs != outputs:
        shortcut = nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False),
            nn.BatchNorm2d(outputs),
        )
    return nn.Sequential(
        resnet.BasicBlock(inputs, outputs, stride, shortcut),
        resnet.BasicBlock(outputs, outputs),
    )


def _stage(inputs: int, number: int, *, stride: int) -> nn.Sequential:
    width = WIDTHS[number]
    shortcut = nn.Sequential(
        nn.Conv2d(inputs, EXPANSION * width, 1, stride, bias=False),
        nn.BatchNorm2d(EXPANSION * width),
    )
    first = resnet.Bottleneck(inputs, width, stride, shortcut)
    first.conv1.stride, first.conv2.stride = (stride, stride), (1, 1)
    later = [
        resnet.Bottleneck(EXPANSION * width, width) for _ in range(1, BLOCKS[number])
    ]
    return nn.Sequential(first, *later)
