"""What goes into a program without Python, and what stays out of it.

`caihua.spec` reads this; so do the tests, which cannot run a spec.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

KINDS = ("field", "full")

HIDDEN = ("app", "resunet_core")
"""Packages that import their own modules by name, or late: all of them go in."""

DATA = ("fontpkg_inter", "pylopdf_fonts_zh_cn", "docx", "ezdxf", "qtawesome")
"""Packages with fonts, templates and tables beside their code."""

METADATA = (
    *("pyvips", "opencv-python-headless", "rawpy", "pillow-heif"),
    "PySide6-Essentials",
)
"""Distributions whose version the program names."""

RESOURCES_LEFT_OUT = ("validation", "pictures")
"""Labels to judge models by, and the picture of the README: of no use to a person."""

WHEEL_LEAVES_OUT = ("validation",)
"""What `pyproject.toml` leaves out of the wheel."""

_DEVELOPERS = (
    *("pytest", "_pytest", "hypothesis", "mypy", "mypyc", "ruff", "pip", "coverage"),
    *("IPython", "ipykernel", "notebook", "sphinx", "grimp", "importlinter"),
    *("setuptools", "pkg_resources", "wheel", "hatchling", "PyInstaller", "xdist"),
)
_OTHER_WINDOWS = ("tkinter", "_tkinter", "PyQt5", "PyQt6", "PySide2", "wx", "gi")
_JUDGES_OF_TESTS = ("skimage", "sklearn", "imageio", "tifffile", "joblib", "pandas")
_MANY_MACHINES = ("dask", "distributed", "tornado", "zict", "msgpack", "psutil")
_COMPILERS = ("triton", "numba", "llvmlite", "tensorboard", "onnx", "onnxscript")
"""torch asks for them only where code is compiled, which Caihua never does."""
_CONSOLE = ("readline", "rlcompleter", "curses", "_curses")
"""For typing into Python itself; the first would bring a library under the GPL."""
_NEVER = (
    *_CONSOLE,
    *_DEVELOPERS,
    *_OTHER_WINDOWS,
    *_JUDGES_OF_TESTS,
    *_MANY_MACHINES,
    *_COMPILERS,
    *("openvino_telemetry", "openvino.tools", "openvino.torch", "nncf"),
    # openvino itself stays whole: its import asks for frontend, helpers, preprocess.
    *("openvino.frontend.jax", "openvino.frontend.onnx", "openvino.frontend.paddle"),
    *("openvino.frontend.pytorch", "openvino.frontend.tensorflow"),
    "openvino.preprocess.torchvision",
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets"),
    *("PySide6.QtDesigner", "PySide6.QtUiTools", "PySide6.QtHelp", "PySide6.QtTest"),
    *("PySide6.QtSql", "PySide6.QtBluetooth", "PySide6.QtMultimedia"),
    *("matplotlib.tests", "numpy.tests", "scipy.tests", "pyqtgraph.examples"),
    *("pyqtgraph.opengl", "pyqtgraph.jupyter", "qtpy.tests"),
    *("ezdxf.addons.drawing", "ezdxf.addons.browser", "ezdxf.addons.hpglviewer"),
)
_TORCH = (
    *("torch", "torchvision", "torchgen", "functorch", "torio", "nvidia", "cuda"),
    *("safetensors.torch", "sympy", "networkx", "mpmath", "fsspec"),
)

_UNUSED_FILES = (
    # Qt: markup and databases that no window of Caihua asks for.
    *("*libQt6Qml*", "*libQt6Quick*", "*libQt6Designer*", "*libQt6Sql*"),
    *("*Qt6Qml*.dll", "*Qt6Quick*.dll", "*Qt6Designer*.dll", "*Qt6Sql*.dll"),
    *("PySide6/Qt/qml/*", "PySide6/qml/*", "PySide6/*plugins/sqldrivers/*"),
    *("PySide6/*plugins/platforminputcontexts/*virtualkeyboard*",),
    *("PySide6/*plugins/qmltooling/*", "PySide6/*plugins/designer/*"),
    # OpenVINO: other devices than the CPU, and readers of other programs' models.
    *("*openvino_intel_gpu_plugin*", "*openvino_intel_npu*", "*openvino_auto_*"),
    *("*openvino_hetero_plugin*", "*openvino_template_plugin*"),
    *("*openvino_tensorflow*", "*openvino_paddle*", "*openvino_pytorch*"),
    *("*openvino_jax*", "*openvino_onnx*", "openvino/cmake/*", "openvino/include/*"),
    *("*openvino_gguf*", "*libopenvino_c.*", "*openvino_c.dll", "*frontend/*/py_*"),
    *("openvino/libs/cache.json", "openvino/*.a"),
    # The file dialogs of GTK, which would bring all of GTK along.
    *("*platformthemes/libqgtk3*", "libgtk-3*", "libgdk-3*", "libepoxy*"),
    *("libatk*", "libatspi*", "libcairo*", "libpango*", "libgdk_pixbuf*"),
    *("libwayland-cursor*", "libcolord*", "libcups*", "librest*", "libjson-glib*"),
    # Faces of fonts that the program does not use.
    *("pylopdf_fonts_zh_cn/NotoSerif*", "fontpkg_inter/files/Inter-Italic*"),
    *("matplotlib/mpl-data/sample_data/*",),
    # What builds extensions of torch, or its own tests. torch/bin stays: without its
    # torch_shm_manager torch does not import.
    *("torch/include/*", "torch/test/*", "*.a"),
    *("*/tests/*", "*.pyi", "*/py.typed"),
)


@dataclass(frozen=True)
class Contents:
    """One kind of program.

    Attributes:
        kind: `field`, without torch; or `full`, which can also learn.
        excludes: Modules that are not taken along.
        metadata: Distributions whose metadata are.
    """

    kind: str
    excludes: tuple[str, ...]
    metadata: tuple[str, ...]


def contents_of(kind: str) -> Contents:
    """What a kind of program consists of; `field` or `full`."""
    if kind == "full":
        return Contents(kind, _NEVER, (*METADATA, "torch", "torchvision"))
    if kind == "field":
        return Contents(kind, (*_NEVER, *_TORCH), METADATA)
    raise ValueError(f"There is no kind {kind}: use one of {', '.join(KINDS)}.")


def is_wanted(inside: str) -> bool:
    """Whether a file goes in, by its path inside the program."""
    path = inside.replace("\\", "/")
    return not any(fnmatch(path, pattern) for pattern in _UNUSED_FILES)


def wanted(files: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """PyInstaller's entries (path inside, file, kind) without what nobody needs."""
    return [entry for entry in files if is_wanted(entry[0])]


def resource_files(root: Path) -> list[tuple[str, str]]:
    """Each file of `resources/` with the folder that it goes into, in order."""
    resources = root / "resources"
    return [
        (str(path), str(Path("resources") / path.relative_to(resources).parent))
        for path in sorted(resources.rglob("*"))
        if path.is_file()
        and path.relative_to(resources).parts[0] not in RESOURCES_LEFT_OUT
    ]
