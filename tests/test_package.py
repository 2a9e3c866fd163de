"""What is published holds the view, and is built, installed and used without Node."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
BUNDLES = {f"tsne_widget/static/{name}.js" for name in ("widget", "bundle", "page")}

SCRIPT = """
import shutil, sys
assert not shutil.which("node") and not shutil.which("npm")
import numpy as np
import tsne_widget
assert tsne_widget.__file__.startswith(sys.prefix), tsne_widget.__file__
w = tsne_widget.TSNEWidget(np.random.default_rng(0).normal(size=(40, 4)), perplexity=5, max_iter=30).wait()
assert w.embedding_.shape == (40, 2)
assert "export" in str(w._esm)
assert w.save_html("maps.html").stat().st_size > 100_000
print(tsne_widget.__version__)
"""


@pytest.fixture(scope="module")
def without_node(tmp_path_factory):
    """Run a command with an empty PATH."""
    environment = {**os.environ, "PATH": str(tmp_path_factory.mktemp("nothing"))}
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT"):
        environment.pop(name, None)
    here = tmp_path_factory.mktemp("elsewhere")

    def run(*command):
        done = subprocess.run(command, env=environment, cwd=here, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def built(tmp_path_factory, without_node):
    """Build a source distribution, and a wheel from it."""
    assert all((ROOT / bundle).exists() for bundle in BUNDLES), "make builds them before the tests"
    folder = tmp_path_factory.mktemp("dist")
    without_node(UV, "build", "--quiet", "--python", sys.executable, "--out-dir", folder, ROOT)
    return folder


def names(folder: Path, pattern: str) -> set[str]:
    (path,) = folder.glob(pattern)
    if path.suffix == ".whl":
        return set(zipfile.ZipFile(path).namelist())
    with tarfile.open(path) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"])
def test_every_module_the_bundle_and_the_mark_of_types_are_in_it(built, pattern):
    assert "tsne_widget/py.typed" in names(built, pattern)
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tsne_widget").rglob("*.py")}
    assert modules | BUNDLES <= names(built, pattern)


def test_the_wheel_holds_nothing_else(built):
    others = {name for name in names(built, "*.whl") if not name.startswith("tsne_widget-")}
    assert {Path(name).suffix for name in others} <= {".py", ".js", ".css", ".json", ".typed"}
    assert {name.split("/")[0] for name in others} == {"tsne_widget"}


def test_the_bundle_in_the_wheel_is_the_one_that_was_built(built):
    (wheel,) = built.glob("*.whl")
    for bundle in BUNDLES:
        assert zipfile.ZipFile(wheel).read(bundle) == (ROOT / bundle).read_bytes()


def test_the_source_distribution_holds_what_the_bundle_is_made_of(built):
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "js" / "src").rglob("*.ts*")}
    found = names(built, "*.tar.gz")
    assert (
        sources | {"js/build.mjs", "js/package.json", "js/package-lock.json", "README.md", "LICENSE"} <= found
    )
    assert not any("node_modules" in name for name in found)


def test_the_index_shows_the_readme(built):
    (wheel,) = built.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    (about,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
    message = email.message_from_bytes(archive.read(about))
    assert message["Description-Content-Type"] == "text/markdown"
    told = message.get_payload(decode=True).decode("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    if not any(url.startswith("Repository") for url in message.get_all("Project-URL", [])):
        assert told.strip() == readme.strip()
    else:
        assert "](docs/" not in told


@pytest.mark.release
def test_the_wheel_is_installed_and_used_in_a_fresh_environment(built, without_node, tmp_path):
    (wheel,) = built.glob("*.whl")
    python = tmp_path / "venv" / "bin" / "python"
    without_node(UV, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv")
    without_node(UV, "pip", "install", "--quiet", "--python", python, wheel)
    version = without_node(python, "-W", "error:::tsne_widget", "-c", SCRIPT).strip()
    assert wheel.name.startswith(f"tsne_widget-{version}-")
