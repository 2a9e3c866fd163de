"""Imports point down: from the public face to the mathematics, never up, never in a circle."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import tsne_widget

PACKAGE = Path(tsne_widget.__file__).parent
#: The rooms, from the top: each may import those on floors below, and none beside it.
FLOORS = (
    ("__init__",),
    ("widget",),
    ("wire", "export"),
    ("maps", "distributed"),
    ("measures", "estimator", "parametric_estimator"),
    ("estimator_base", "honesty"),
    ("parameters",),
    ("data",),
    ("umap", "parametric"),
    ("tsne",),
    ("failure",),
    ("errors",),
)


def floor(module: str) -> int:
    room = module.split(".")[0]
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


@cache
def imports() -> dict[str, set[str]]:
    """Return what each module imports of the package, also for type checkers alone and inside functions."""
    modules = {name_of(path): path for path in PACKAGE.rglob("*.py")}
    return {name: set(imported(name, path, modules)) for name, path in modules.items()}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imported(name: str, path: Path, modules: dict[str, Path]):
    package = [] if name == "__init__" else name.split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        # All of our imports are relative: an absolute one would not be seen here.
        assert not any(absolute.split(".")[0] == "tsne_widget" for absolute in absolutes(node)), name
        if not isinstance(node, ast.ImportFrom) or node.level == 0:
            continue
        parts = [*package[: len(package) + 1 - node.level], *(node.module or "").split(".")]
        target = ".".join(filter(None, parts))
        within = {f"{target}.{alias.name}".lstrip(".") for alias in node.names} & modules.keys()
        yield from within or {target or "__init__"}


def absolutes(node: ast.AST) -> list[str]:
    """Return the modules that a statement imports by their full names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []


def test_every_import_points_down():
    up = {
        (module, other)
        for module, others in imports().items()
        for other in others
        if floor(other) <= floor(module) and other.split(".")[0] != module.split(".")[0]
    }
    assert not up


def test_no_import_goes_in_a_circle():
    graph = {module: others - {module} for module, others in imports().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_the_mathematics_can_be_used_alone():
    for room, allowed in (("tsne", {"tsne", "errors"}), ("parametric", {"parametric", "tsne", "errors"})):
        assert {
            other.split(".")[0]
            for module, others in imports().items()
            if module.startswith(f"{room}.")
            for other in others
        } <= allowed
