"""What goes into a program without Python, what is asked of it, how large it is."""

import sys
import zipfile
from pathlib import Path

import bundle_contents
import dev_bundle
import dev_deb
import dev_wheel
import pytest
import smoke
from dev_console import Refusal
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lite"], "There is no bundle lite"),
        (["field", "soon"], "leave out soon"),
        (["wheel", "--installer"], "pip installs it"),
        (["--out"], "bundle: "),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(
    words: list[str], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        dev_bundle.parse(words)


def test_a_program_for_the_field_is_what_is_made_unasked(tmp_path: Path) -> None:
    asked = dev_bundle.parse(["--out", str(tmp_path)])
    assert (asked.kind, asked.out, asked.installer) == ("field", tmp_path, False)


def test_only_the_full_program_learns() -> None:
    field = bundle_contents.contents_of("field")
    full = bundle_contents.contents_of("full")
    assert {"torch", "torchvision"} <= set(field.excludes) - set(full.excludes)
    assert {"torch", "torchvision"} <= set(full.metadata) - set(field.metadata)
    assert "openvino_telemetry" in field.excludes
    assert "openvino_telemetry" in full.excludes
    with pytest.raises(ValueError, match="There is no kind wheel"):
        bundle_contents.contents_of("wheel")


@pytest.mark.parametrize(
    ("inside", "goes_in"),
    [
        ("openvino/libs/libopenvino_intel_cpu_plugin.so", True),
        ("openvino/libs/libopenvino_intel_gpu_plugin.so", False),
        ("openvino/libs/libopenvino_onnx_frontend.so.2641", False),
        ("openvino\\libs\\openvino_intel_cpu_plugin.dll", True),
        ("PySide6\\plugins\\sqldrivers\\qsqlite.dll", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", True),
        ("torch/bin/torch_shm_manager", True),
        ("torch/include/ATen/ATen.h", False),
        ("qtawesome/fonts/phosphor-charmap-1.3.0.json", True),
        ("resources/models/default.safetensors", True),
    ],
)
def test_files_go_in_or_stay_out_on_each_system(inside: str, *, goes_in: bool) -> None:
    assert bundle_contents.is_wanted(inside) is goes_in


def test_each_resource_that_a_person_needs_goes_in() -> None:
    inside = {
        f"{folder}/{Path(file).name}"
        for file, folder in bundle_contents.resource_files(ROOT)
    }
    for wanted in (
        "resources/models/default.safetensors",
        "resources/translations/zh_CN.json",
        "resources/icons/caihua.svg",
    ):
        assert wanted in inside
    assert not any("validation" in name for name in inside)


def test_the_wheel_has_every_resource_and_nothing_of_ours_alone() -> None:
    builder = WheelBuilder(str(ROOT))
    names = [
        file.distribution_path.replace("\\", "/")
        for file in builder.recurse_included_files()
    ]
    resources = dev_wheel.resource_names(ROOT)
    folders = {name.split("/")[2] for name in resources}
    wanted = {"help", "icons", "models", "samples", "topologies", "translations"}
    assert wanted <= folders
    assert dev_wheel.faults(names, resources) == []


def test_a_wheel_that_lacks_something_is_found_out(tmp_path: Path) -> None:
    resources = dev_wheel.resource_names(ROOT)
    path = tmp_path / "toy.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(resources)[1:]:
            archive.writestr(name, "")
        archive.writestr("app/__main__.py", "")
        archive.writestr("tests/test_toy.py", "")
    with zipfile.ZipFile(path) as archive:
        said = dev_wheel.faults(archive.namelist(), resources)
    missing = f"{min(resources)} is missing"
    assert said == [missing, "tests/test_toy.py does not belong there"]


def _toy_program(folder: Path) -> Path:
    inside = folder / "_internal"
    for name, size in {
        "caihua": 30,
        "_internal/PySide6/Qt/lib/libQt6Core.so.6": 500,
        "_internal/cv2/cv2.so": 100,
        "_internal/opencv_python_headless.libs/libblas.so": 200,
        "_internal/libz.so.1": 7,
        "_internal/resources/samples/images/beam.jpg": 40,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes(size * 1000))
    (inside / "libQt6Core.so.6").symlink_to("PySide6/Qt/lib/libQt6Core.so.6")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_sizes_are_summed_by_part_and_links_count_once(tmp_path: Path) -> None:
    folder = _toy_program(tmp_path / "caihua-0.1.0-field-linux-x86_64")
    lines = [line.split() for line in dev_bundle.size_table(folder).splitlines()]
    assert lines[1] == ["PySide6", "(Qt)", "0.5", "MB"]
    assert lines[2] == ["cv2", "0.3", "MB"]
    assert lines[-1] == ["all", "0.9", "MB"]
    before = list(dev_bundle.hashes(folder))
    dev_bundle.date_all(folder, 10**9)
    assert list(dev_bundle.hashes(folder)) == before
    assert (folder / "caihua").stat().st_mtime == 10**9
    assert len(before) == 6
    assert before[0].endswith(
        "  caihua-0.1.0-field-linux-x86_64/_internal/PySide6/Qt/lib/libQt6Core.so.6"
    )


def test_a_program_is_found_whatever_the_system(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no program"):
        smoke.find_program(tmp_path)
    folder = _toy_program(tmp_path)
    assert smoke.find_program(folder) == folder / "caihua"
    assert smoke.find_resources(folder) == folder / "_internal" / "resources"


def test_a_story_that_broke_off_is_not_taken_for_a_whole_one() -> None:
    told = {
        "ok": True,
        "frozen": True,
        "torch_at_start": False,
        "steps": {"refuse": {"seconds": 1}},
    }
    smoke._check_story(told, learns=False)
    with pytest.raises(Refusal, match="no chapter learn"):
        smoke._check_story(told, learns=True)
    with pytest.raises(Refusal, match="broke off: no icons"):
        smoke._check_story(told | {"ok": False, "error": "no icons"}, learns=False)
    with pytest.raises(Refusal, match="loaded torch"):
        smoke._check_story(told | {"torch_at_start": True}, learns=False)


def test_a_package_names_what_it_needs_and_what_it_replaces() -> None:
    said = dev_deb.control(
        "caihua-full", "0.1.0", "amd64", 1000, ["libc6 (>= 2.36)", "libgl1"], full=True
    )
    fields = dict(line.split(": ", 1) for line in said.splitlines() if line[0] != " ")
    assert fields["Depends"] == "libc6 (>= 2.36), libgl1"
    assert fields["Conflicts"] == "caihua"
    assert said.endswith("learns.\n")
