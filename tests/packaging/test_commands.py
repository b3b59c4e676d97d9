"""What a person types and reads: words, exit statuses, consoles, samples."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import dev_checks
import dev_commands
import dev_qt
import dev_samples
import pytest
from dev_environment import Environment, call

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "dev.py"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 0, "usage"),
        (["--help"], 0, "usage"),
        (["cook"], 1, "no command cook"),
        (["lint", "fast"], 1, "leave out fast"),
    ],
)
def test_words_are_answered_on_a_console_without_chinese(
    words: list[str], code: int, said: str
) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, *words],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "cp936"},
    )
    assert done.returncode == code
    assert said in (done.stdout + done.stderr).decode("cp936")


def test_a_text_of_any_alphabet_passes_a_narrow_console() -> None:
    code = "import dev_console as c; c.tolerate_any_console(); c.say('彩画 é')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=SCRIPT.parent,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert done.stdout.split() == [b"??", b"?"]


def test_every_command_listed_is_one_that_exists() -> None:
    listed = re.findall(r"^  (\w+)", dev_commands.usage(), re.MULTILINE)
    assert (
        listed
        == list(dev_commands.COMMANDS)
        == [
            "setup",
            "run",
            "test",
            "lint",
            "bundle",
        ]
    )


def test_all_steps_run_and_one_failure_fails_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Environment, "python", Path(sys.executable))
    broken = dev_checks.Step("broken", module="no_such_module_at_all")
    fine = dev_checks.Step("fine", module="timeit", arguments=("-n1", "-r1", "pass"))
    assert dev_checks.run_steps(Environment(tmp_path), (broken, fine)) == 1
    said = capsys.readouterr().out
    assert "fine: ok" in said
    assert said.splitlines()[-1].startswith("1 of 2 failed: broken;")
    assert dev_checks.run_steps(Environment(tmp_path), (fine,)) == 0


def test_arguments_reach_pytest_unchanged() -> None:
    environment = Environment(ROOT)
    line = dev_checks.pytest_step(["-x", "tests/core"]).line(environment)
    assert line[1:] == ["-m", "pytest", "-x", "tests/core"]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_waits_until_the_command_has_tidied_up(tmp_path: Path) -> None:
    tidy = (
        "import pathlib, sys, time\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "try:\n"
        "    (here / 'began').touch()\n"
        "    time.sleep(60)\n"
        "except KeyboardInterrupt:\n"
        "    time.sleep(1)\n"
        "    (here / 'tidied').touch()\n"
    )
    outer = (
        "import sys\nfrom dev_environment import call\n"
        "call([sys.executable, '-c', sys.argv[1], sys.argv[2]])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", outer, tidy, tmp_path],
        cwd=SCRIPT.parent,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    while not (tmp_path / "began").exists():
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, 2)
    assert process.wait() != 0
    assert (tmp_path / "tidied").exists()


def test_the_status_of_a_command_is_passed_on() -> None:
    assert call([sys.executable, "-c", "raise SystemExit(7)"]) == 7


def test_missing_libraries_become_one_command() -> None:
    output = """\
\tlibxcb-cursor.so.0 => not found
\tlibEGL.so.1 => not found
\tlibc.so.6 => /lib/libc.so.6 (0x00007f)
\tlibEGL.so.1 => not found
"""
    missing = dev_qt.missing_in(output)
    assert missing == ["libEGL.so.1", "libxcb-cursor.so.0"]
    assert dev_qt.debian_packages(missing) == ["libegl1", "libxcb-cursor0"]
    assert "libEGL.so.1" in dev_qt.advice(missing) or "libegl1" in dev_qt.advice(
        missing
    )


@pytest.mark.skipif(sys.platform != "linux", reason="displays of Linux")
@pytest.mark.parametrize(
    ("variables", "seen"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "minimal:x"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb"}, True),
    ],
)
def test_a_window_opens_only_where_it_is_seen(
    variables: dict[str, str], *, seen: bool
) -> None:
    assert dev_samples.has_display(variables) is seen


FAKE_CAIHUA = """\
import pathlib, sys
root = pathlib.Path({root!r})
with (root / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == "analyze":
    (root / "out").mkdir(exist_ok=True)
    (root / "out" / "run.json").touch()
    (root / "out" / "samples.caihua").touch()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a script as command, displays")
def test_the_samples_are_analysed_once_and_opened_where_there_is_a_display(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = Environment(tmp_path)
    samples = tmp_path / "resources" / "samples" / "images"
    samples.mkdir(parents=True)
    (samples / "beam.jpg").touch()
    command = environment.command("caihua")
    command.parent.mkdir(parents=True)
    fake = tmp_path / "fake.py"
    fake.write_text(FAKE_CAIHUA.format(root=str(tmp_path)), "utf-8")
    line = shlex.join([sys.executable, str(fake)])  # a first line knows no spaces
    command.write_text(f'#!/bin/sh\nexec {line} "$@"\n', "utf-8")
    command.chmod(0o755)
    project = str(tmp_path / "out" / "samples.caihua")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert dev_samples.start(environment, []) == 0
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":0")
    assert dev_samples.start(environment, []) == 0
    newer = time.time() + 10
    os.utime(samples / "beam.jpg", (newer, newer))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert dev_samples.start(environment, []) == 0
    analyse = (
        f"analyze {samples} --out {tmp_path / 'out'} --project {project} "
        "--building Samples"
    )
    calls = (tmp_path / "calls").read_text("utf-8").splitlines()
    assert calls == [analyse, project, analyse]
