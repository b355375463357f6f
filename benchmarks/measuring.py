"""Measure several ways of doing one thing in turns, so that whatever else the machine does meets them all."""

import os
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median, quantiles
from typing import Any

REPETITIONS = 15
INSTRUCTIONS = {"AVX2": {"avx2"}, "AVX-512": {"avx512f"}, "VNNI": {"avx512_vnni", "avx_vnni"}}


def interleaved(
    ways: Mapping[str, Callable[[int], object]], repetitions: int = REPETITIONS
) -> dict[str, dict[str, float]]:
    """The milliseconds of each way, one after the other and all again, after a round that does not count.

    Each is called with the number of the repetition.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-1, repetitions):
        for name, way in ways.items():
            start = time.perf_counter()
            way(max(number, 0))
            if number >= 0:
                taken[name].append((time.perf_counter() - start) * 1000)
    return {name: spread(times) for name, times in taken.items()}


def spread(times: list[float]) -> dict[str, float]:
    """The median of at least two times in milliseconds, the quartiles, and the least: what it takes when
    nothing interferes."""
    low, _, high = quantiles(times, n=4, method="inclusive")
    values = {"median_ms": median(times), "low_ms": low, "high_ms": high, "least_ms": min(times)}
    return {name: float(f"{value:.4g}") for name, value in values.items()}


def machine() -> dict[str, Any]:
    """What the measurements hang on: processor, cores, Python, and how busy the machine was."""
    return {
        "processor": _processor(),
        "instructions": _instructions(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "busy": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _instructions() -> str:
    """Which of the instructions that scans and networks live on the processor has, where the system tells."""
    cpuinfo = Path("/proc/cpuinfo")
    words = set(cpuinfo.read_text().split()) if cpuinfo.exists() else set()
    has = {name: bool(words & flags) for name, flags in INSTRUCTIONS.items()}
    return (
        ", ".join(name if there else f"no {name}" for name, there in has.items()) if any(has.values()) else ""
    )


def resident_mb() -> float:
    """The megabytes of this process that lie in memory, 0 where the system does not tell."""
    return _status_mb("VmRSS")


def peak_mb() -> float:
    """The most megabytes of this process that ever lay in memory, mapped files too; 0 likewise."""
    return _status_mb("VmHWM")


def _status_mb(name: str) -> float:
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    found = [float(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:")]
    return round(found[0], 1) if found else 0.0
