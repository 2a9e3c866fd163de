"""Run what hosts and versions decide in one environment a row, from the built wheel: oldest to newest.

`make matrix` runs all rows, `make matrix ROWS="oldest newest"` some. Environments and logs are in `.matrix`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import tomllib

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".matrix"
UV = Path(sys.executable).parent / "uv"

#: What the tests need besides, in versions that fit.
TESTING = ["hypothesis", "nbformat", "pandas", "pillow", "playwright", "pytest"]
UNIT = [
    *(f"tests/widget/test_{name}.py" for name in ("widget", "several_maps")),
    *(f"tests/wire/test_{name}.py" for name in ("connection_to_clients", "pulling", "stream", "protocol")),
    "tests/maps/test_session.py",
]
BROWSER = [
    "tests/browser/test_map.py::test_one_line_shows_data_organising_itself",
    "tests/browser/test_map.py::test_points_are_drawn_in_their_colors",
    "tests/browser/test_selection.py::test_rows_circled_are_rows_in_python",
    "tests/browser/test_deaf_host.py",
]
#: What is told of each environment.
TOLD = ("numpy", "ipykernel", "anywidget", "ipywidgets", "jupyterlab")


@dataclass(frozen=True)
class Row:
    """One environment; what is not named is the newest, or with `lowest` what pyproject says at least."""

    python: str
    packages: str = ""
    lowest: bool = False


ROWS = {
    "oldest": Row("3.10", "ipykernel==6.29.0 jupyterlab==4.0.0", lowest=True),
    "6.31": Row("3.11", "numpy==1.26.4 ipykernel==6.31.0 jupyterlab==4.2.0 anywidget==0.9.13"),
    "7.0": Row("3.11", "ipykernel==7.0.1 jupyterlab==4.3.0"),
    "7.1": Row("3.12", "numpy==2.0.2 ipykernel==7.1.0 anywidget==0.9.21 jupyterlab==4.3.0"),
    "7.2": Row("3.12", "numpy==2.2.6 ipykernel==7.2.0 anywidget==0.10.0 jupyterlab==4.4.0"),
    "7.3": Row("3.13", "ipykernel==7.3.0 jupyterlab==4.5.0"),
    "newest": Row("3.13", "ipykernel jupyterlab"),
}


def main(names: list[str]) -> int:
    """Run rows by name, all by default; 0 where all have passed."""
    unknown = set(names) - set(ROWS)
    if unknown:
        sys.exit(f"no row {', '.join(sorted(unknown))}: there are {', '.join(ROWS)}")
    wheel = build()
    copy_tests()
    results = {name: run(name, ROWS[name], wheel) for name in names or ROWS}
    print("\n".join(table(results)))
    return 0 if all(result["result"].startswith("passed") for result in results.values()) else 1


def build() -> Path:
    """Build the wheel of this checkout."""
    subprocess.run([UV, "build", "--wheel", "--quiet", "--out-dir", PLACE / "dist", ROOT], check=True)
    return max((PLACE / "dist").glob("*.whl"), key=lambda path: path.stat().st_mtime)


def copy_tests() -> None:
    """Copy tests and what they read to where no source is that would be imported in place of the wheel."""
    target = PLACE / "checkout"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / "tests", target / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "docs", target / "docs")
    shutil.copy(ROOT / "pyproject.toml", target)


def run(name: str, row: Row, wheel: Path) -> dict[str, str]:
    """Make the environment of a row and run the tests in it; return what to tell."""
    began, python = time.monotonic(), PLACE / name / "bin" / "python"
    told = {"python": row.python, **dict.fromkeys(TOLD, "")}
    with (PLACE / f"{name}.log").open("w") as log:
        if not call(log, UV, "venv", "--quiet", "--clear", "--python", row.python, PLACE / name):
            return {**told, "result": f"not run: no Python {row.python}"}
        lowest = ["--resolution", "lowest-direct", *dependencies()] if row.lowest else []
        asked = [*lowest, wheel, *row.packages.split()]
        # The tests' own packages come after: `lowest` is not said of them, and they fit what is there.
        if not install(log, python, *asked) or not install(log, python, *TESTING, "-c", frozen(name, python)):
            return {**told, "result": f"not installed, see .matrix/{name}.log"}
        told |= versions(python)
        passed = [call(log, python, "-m", "pytest", "-q", *tests) for tests in (UNIT, BROWSER)]
    counts = re.findall(r"(\d+) passed", (PLACE / f"{name}.log").read_text())
    result = f"passed {sum(map(int, counts))}" if all(passed) else f"failed, see .matrix/{name}.log"
    return {**told, "result": f"{result}, {time.monotonic() - began:.0f} s"}


def call(log, *command: str | Path) -> bool:
    """Run a command, its words into the log; return whether it succeeded."""
    log.write(f"\n$ {' '.join(map(str, command))}\n")
    log.flush()
    return (
        subprocess.run(command, cwd=PLACE / "checkout", stdout=log, stderr=subprocess.STDOUT).returncode == 0
    )


def install(log, python: Path, *packages: str | Path) -> bool:
    """Install packages into an environment; whether it succeeded."""
    return call(log, UV, "pip", "install", "--quiet", "--python", python, *packages)


def frozen(name: str, python: Path) -> Path:
    """Return a file of the versions that an environment has."""
    file = PLACE / f"{name}.txt"
    command = [UV, "pip", "freeze", "--quiet", "--exclude", "tsne_widget", "--python", python]
    file.write_text(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return file


def dependencies() -> list[str]:
    """Return what pyproject requires, to be asked for by name: only then does uv take the lowest."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]


def versions(python: Path) -> dict[str, str]:
    """Return the versions in an environment that matter here."""
    code = f"import sys, importlib.metadata as m; print(sys.version.split()[0], *map(m.version, {TOLD}))"
    found = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    return dict(zip(("python", *TOLD), found, strict=True))


def table(results: dict[str, dict[str, str]]) -> list[str]:
    """Return the results as lines of a table."""
    heads = ["row", "python", *TOLD, "result"]
    lines = [heads, *([name, *(result[head] for head in heads[1:])] for name, result in results.items())]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
