"""What this computer is called: processor, cores, memory, system."""

import ctypes
import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """What a speed was measured on.

    Attributes:
        processor: As its maker calls it.
        cores: That this process may use, those of hyper-threading included.
        memory_gb: In all; None where the system does not say.
        system: Its name and version.
        python: Version.
    """

    processor: str
    cores: int
    memory_gb: float | None
    system: str
    python: str


def this_machine() -> Machine:
    """The computer that this runs on."""
    memory = _memory_bytes()
    return Machine(
        processor=_processor() or platform.machine() or "unknown",
        cores=usable_cores(),
        memory_gb=None if memory is None else round(memory / 2**30, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
    )


def usable_cores() -> int:
    """Cores that the system lets this process use."""
    if platform.system() == "Linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def peak_memory_mb() -> float | None:
    """The most memory that this process ever held, in MiB."""
    if platform.system() == "Linux":
        # Not getrusage: its maximum begins with that of the process that started this.
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return None
    if platform.system() == "Windows":
        return _peak_on_windows()
    import resource  # noqa: PLC0415 - not on every system

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _processor() -> str:
    if platform.system() == "Linux":
        try:
            lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
        except OSError:
            return platform.processor()
        names = [ln.partition(":")[2] for ln in lines if ln.startswith("model name")]
        return names[0].strip() if names else platform.processor()
    if platform.system() == "Darwin":
        asked = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
        return done.stdout.strip()
    return platform.processor()


def _memory_bytes() -> int | None:
    if platform.system() == "Windows":
        return _memory_of_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _memory_of_windows() -> int | None:
    words = (ctypes.c_uint32 * 2)(64, 0)  # the structure's own length, then the load
    buffer = ctypes.create_string_buffer(bytes(words) + bytes(56), 64)
    windows = ctypes.CDLL("kernel32")
    if not windows.GlobalMemoryStatusEx(buffer):
        return None
    return int.from_bytes(buffer.raw[8:16], "little")


def _peak_on_windows() -> float | None:
    class Counters(ctypes.Structure):
        _fields_ = (  # as the system's PROCESS_MEMORY_COUNTERS
            ("size", ctypes.c_uint32),
            ("faults", ctypes.c_uint32),
            ("peak", ctypes.c_size_t),
            ("others", ctypes.c_size_t * 7),
        )

    counters = Counters()
    counters.size = ctypes.sizeof(Counters)
    windows = ctypes.CDLL("kernel32")
    windows.GetCurrentProcess.restype = ctypes.c_void_p
    asked = windows.K32GetProcessMemoryInfo
    asked.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32)
    if not asked(windows.GetCurrentProcess(), ctypes.byref(counters), counters.size):
        return None
    return float(counters.peak) / 2**20
