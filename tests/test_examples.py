"""The example notebooks run top to bottom."""

import json
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.ipynb"))


@pytest.mark.release
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(path: Path):
    # Both take 4 s to import, and most runs leave this test out.
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)


def test_there_are_examples():
    assert EXAMPLES


def test_examples_are_committed_without_outputs():
    for path in EXAMPLES:
        assert not any(cell.get("outputs") for cell in json.loads(path.read_text())["cells"]), path
