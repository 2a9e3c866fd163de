"""What has been measured, in words and tables: medians over rounds, ratios, the machine."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from peers import AFFINITIES, LAYOUT, NEIGHBORS, OPTIMIZATION, THREADS

Report = Mapping[str, Any]


def machine() -> dict[str, Any]:
    """Return what figures depend on: processor, cores, memory, system, versions, date."""
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "threads": THREADS,
        "memory_gb": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "date": date.today().isoformat(),
    }


def versions(distributions: Iterable[str]) -> dict[str, str | None]:
    """Return the versions of packages, None of those that are not installed."""
    found: dict[str, str | None] = {}
    for name in distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def median_of(reports: list[Report]) -> dict[str, Any]:
    """Return the report of the medians: numbers one by one, texts of the first round."""
    first = reports[0]
    return {key: _median([report[key] for report in reports if key in report]) for key in first}


def _median(values: list[Any]) -> Any:
    if isinstance(values[0], Mapping):
        return median_of(values)
    numbers = [value for value in values if isinstance(value, (int, float))]
    return statistics.median(numbers) if numbers else values[0]


COLUMNS = (
    ("total", lambda r: _seconds(r, "total")),
    ("neighbours", lambda r: _seconds(r, NEIGHBORS)),
    ("P", lambda r: _seconds(r, AFFINITIES, LAYOUT)),
    ("optimisation", lambda r: _seconds(r, OPTIMIZATION)),
    ("iterations", lambda r: f"{r['iterations']:.0f}"),
    ("ms early", lambda r: _number(r["early_ms"])),
    ("ms late", lambda r: _number(r["late_ms"])),
    ("peak MB", lambda r: f"{r['peak_mb']:.0f}"),
    ("cold s", lambda r: f"{r['import_s'] + r['warm_up_s']:.1f}"),
    ("KL", lambda r: f"{r['kl']:.4f}" if "kl" in r else ""),
    ("10-NN", lambda r: f"{r['recall']:.4f}" if "recall" in r else ""),
)


def print_table(medians: Mapping[str, Report]) -> None:
    """Print a line a method."""
    print(f"  {'':<30}" + "".join(f"{name:>13}" for name, _ in COLUMNS))
    for name, report in medians.items():
        print(f"  {name:<30}" + "".join(f"{cell(report):>13}" for _, cell in COLUMNS), flush=True)


def ratios(medians: Mapping[str, Report], ours: str, peers: list[str]) -> list[str]:
    """Return sentences on how many times as fast ours is as each peer, and at which quality."""
    if ours not in medians:
        return []
    own, lines = medians[ours], []
    for peer in sorted(peers, key=lambda name: medians[name]["seconds"]["total"]):
        other = medians[peer]
        # What was given to a peer, or done by extrapolation, is no whole run.
        sampled = "left_out" in other
        whole = "" if sampled else f"whole run {_times(other, own, 'total')}, "
        line = f"{ours} against {peer}: {whole}optimisation {_times(other, own, OPTIMIZATION)}, iteration "
        line += " and ".join(
            f"{_ratio(other[f'{when}_ms'], own[f'{when}_ms'])} ({when})" for when in ("early", "late")
        )
        if "kl" in other:
            line += f", KL {own['kl'] - other['kl']:+.4f}, 10-NN {own['recall'] - other['recall']:+.4f}"
        lines.append(line)
    return lines


def markdown(sets: Mapping[str, Any], where: Mapping[str, Any], names: list[str]) -> str:
    """Return the table for the README; `names` are ours first, and then the peers."""
    lines = [
        "| | " + " | ".join(names) + " | faster than the fastest peer |",
        "|---" * (len(names) + 2) + "|",
    ]
    for title, result in sets.items():
        medians = result["medians"]
        cells = [_cell(medians.get(name)) for name in names]
        lines.append(f"| {title} | " + " | ".join(cells) + f" | {_best_ratio(medians, names)} |")
    lines += [
        "",
        "Whole runs in seconds · KL · 10-NN recall; "
        f"{where['cpu']}, {where['cores']} cores, {where['threads']} threads, {where['date']}; "
        + ", ".join(f"{name} {number}" for name, number in where["versions"].items() if number)
        + ".",
    ]
    return "\n".join(lines)


def _cell(report: Report | None) -> str:
    if report is None:
        return ""
    if "left_out" in report:
        return f"({_number(report['early_ms'])} to {_number(report['late_ms'])} ms an iteration)"
    return f"{_seconds(report, 'total')} s · {report['kl']:.3f} · {report['recall']:.3f}"


def _best_ratio(medians: Mapping[str, Report], names: list[str]) -> str:
    own, peers = names[0], [name for name in names if not name.startswith("ours")]
    totals = [
        medians[name]["seconds"]["total"]
        for name in peers
        if name in medians and "left_out" not in medians[name]
    ]
    if not totals or own not in medians:
        return ""
    return _ratio(min(totals), medians[own]["seconds"]["total"])


def _times(other: Report, own: Report, stage: str) -> str:
    return _ratio(other["seconds"][stage], own["seconds"][stage])


def _ratio(theirs: float, own: float) -> str:
    return f"{theirs / own:.1f} x"


def _seconds(report: Report, *stages: str) -> str:
    known = [report["seconds"][stage] for stage in stages if stage in report["seconds"]]
    return _number(sum(known)) if known else ""


def _number(value: float) -> str:
    """Write a number with about three digits."""
    return "" if value != value else f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (ValueError, OSError, AttributeError):
        return None
