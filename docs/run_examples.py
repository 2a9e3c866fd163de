"""Run the examples and keep their outputs, so that they can be read where nothing runs them: `make examples`.

A widget shows nothing on a page without its kernel: in its place stands the picture that `save_image` draws.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

EXAMPLES = Path(__file__).parents[1] / "examples"
VIEW = "application/vnd.jupyter.widget-view+json"
#: The first cell: it does nothing where the package is installed, as it is not on Colab.
INSTALL = """try:
    import tsne_widget
except ImportError:
    %pip install --quiet "tsne_widget[image]" pandas"""
#: Warnings name a file of the machine.
WARNINGS = """
import warnings
warnings.formatwarning = lambda message, category, *_: f"{category.__name__}: {message}\\n"
del warnings
"""
#: Displays a small PNG of the widget that the last cell has shown; `{number}` is its number.
PICTURE = """
def _picture(widget):
    import base64, io, pathlib, tempfile, warnings
    from PIL import Image
    widget.wait()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = Image.open(widget.save_image(pathlib.Path(folder) / "map.png", width=800)).convert("RGB")
    drawn = drawn.resize((drawn.width // 2, drawn.height // 2), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    drawn.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, "png", optimize=True)
    display({"image/png": base64.b64encode(file.getvalue()).decode()}, raw=True)
_picture(Out[{number}])
del _picture
"""


def with_install(notebook: nbformat.NotebookNode) -> None:
    """Let the first code cell install the package where it is missing."""
    first = next(i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    if "import tsne_widget\nexcept ImportError" not in notebook.cells[first].source:
        notebook.cells.insert(first, new_code_cell(INSTALL, id="install"))


def execute_hidden(client: NotebookClient, code: str) -> nbformat.NotebookNode:
    """Execute a cell that leaves no trace, and return it."""
    hidden = new_code_cell(code)
    client.nb.cells.append(hidden)  # a client executes only cells of its notebook
    client.execute_cell(hidden, len(client.nb.cells) - 1, store_history=False)
    client.nb.cells.pop()
    return hidden


def run(path: Path) -> None:
    """Run a notebook and write it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    with_install(notebook)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", record_timing=False, store_widget_state=False
    )
    with client.setup_kernel():
        execute_hidden(client, WARNINGS)
        for i, cell in enumerate([*notebook.cells]):
            if cell.cell_type != "code":
                continue
            client.execute_cell(cell, i)
            for output in cell.outputs:
                if VIEW in output.get("data", {}):
                    del output.data[VIEW]
                    drawn = execute_hidden(client, PICTURE.replace("{number}", str(cell.execution_count)))
                    output.data["image/png"] = drawn.outputs[-1].data["image/png"]
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec, "language_info": {"name": "python"}}
    nbformat.write(notebook, path)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    for example in sorted(EXAMPLES.glob("*.ipynb")):
        if not sys.argv[1:] or example.stem in sys.argv[1:]:
            run(example)
