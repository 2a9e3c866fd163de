"""What a stranger reads first: README, on the package index too, the citation, the version, the types."""

from __future__ import annotations

import re
import subprocess
import sys
from inspect import signature
from pathlib import Path

import pytest

import tsne_widget

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
TYPED = """
import numpy as np
from tsne_widget import TSNE, TSNEWidget

X: np.ndarray = np.zeros((100, 3))
y = ["ant"] * 100
w = TSNEWidget(X, labels=y, perplexity=[5, 30], random_state=range(2), metric=["euclidean", "cosine"])
reveal_type(w.selection)
w.selection = [1, 2]
reveal_type(w.wait().runs[0].embedding_)
reveal_type(TSNE(perplexity=5).fit(X).embedding_)
TSNEWidget(X, method="fast")
TSNEWidget(X, perplexity=True, labels=y, colour="red")
"""


@pytest.mark.release
def test_a_script_in_strict_mode_is_told_the_types(tmp_path):
    (tmp_path / "user.py").write_text(TYPED)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", ROOT / ".mypy_cache", "user.py"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    arrays = re.findall(r'user.py:(\d+): note: Revealed type is "numpy.ndarray', said)
    wrong = re.findall(r"user.py:(\d+): error: .*incompatible type \"Literal\['fast'\]\"", said)
    assert (arrays, wrong) == (["8", "10", "11"], ["12"]), said
    assert said.count("error:") == 1, said


def test_pictures_and_links_of_the_readme_are_there():
    paths = re.findall(r"\]\((?!\w+:|#)([^)\s#]+)", README)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_moving_pictures_load_quickly():
    moving = [path for ending in ("gif", "webp") for path in (ROOT / "docs").glob(f"*.{ending}")]
    assert moving
    assert all(path.stat().st_size < 2_000_000 for path in moving)


def test_on_the_package_index_pictures_and_links_are_addresses():
    sys.path.insert(0, str(ROOT))
    from hatch_build import with_addresses

    text = "![a map](docs/a.png) [how](docs/b.md#c) [![x](y.png)](z.md) [web](https://a.org) [below](#below)"
    assert with_addresses(text, "https://host/owner/name/", "v1.0") == (
        "![a map](https://host/owner/name/raw/v1.0/docs/a.png) "
        "[how](https://host/owner/name/blob/v1.0/docs/b.md#c) "
        "[![x](https://host/owner/name/raw/v1.0/y.png)](https://host/owner/name/blob/v1.0/z.md) "
        "[web](https://a.org) [below](#below)"
    )


def test_one_version_is_everywhere():
    version = tsne_widget.__version__
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f'\nversion = "{version}"\n' in project
    assert f"\nversion: {version}\n" in citation
    newest = re.search(r"^## (\S+), (\d{4}-\d{2}-\d{2}|not yet released)$", changes, re.MULTILINE)
    assert newest
    assert newest[1] == version
    released = re.search(r"^date-released: (\S+)$", citation, re.MULTILINE)
    assert (released[1] if released else "not yet released") == newest[2]


def test_the_table_of_parameters_is_complete():
    table = README.split("## Parameters")[1].split("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))))
    parameters = set(signature(tsne_widget.TSNEWidget.__init__).parameters) - {"self", "others"}
    assert parameters - named == set()
