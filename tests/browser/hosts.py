"""Hosts other than JupyterLab: Notebook 7 and marimo, as a user has them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from lab import Lab, Notebook
from playwright.sync_api import Page

HEAD = "import marimo\n\napp = marimo.App(width='medium')\n"
CELL = "@app.cell\ndef _({takes}):\n    {code}\n    return ({gives})\n"


class Notebook7(Lab):
    """A running Notebook 7; its pages are JupyterLab's, one notebook each."""

    module, place = "notebook", "notebooks/{name}"


class Marimo(Lab):
    """A running marimo that runs notebooks as soon as they are opened."""

    place, health = "?file={name}", "health"

    def use_theme(self, name: str) -> None:
        folder = self.root.parent / "marimo"
        folder.mkdir(exist_ok=True)
        settings = ["[runtime]", "auto_instantiate = true", "[display]", f'theme = "{name}"']
        (folder / "marimo.toml").write_text("\n".join(settings))

    def write(self, name: str, cells: list[tuple[str, str, str]]) -> str:
        """Write a notebook of cells, each what it takes, does and gives, and return its name."""
        indented = [(takes, code.replace("\n", "\n    "), gives) for takes, code, gives in cells]
        functions = [CELL.format(takes=takes, code=code, gives=gives) for takes, code, gives in indented]
        (self.root / name).write_text("\n\n".join([HEAD, *functions]))
        return name

    def _write_setting(self, name: str, values: dict[str, Any]) -> None:
        """Settings are of JupyterLab."""

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "marimo", "--yes", "edit", str(self.root), "--headless", "--no-token"),
            *("--port", self.url.rpartition(":")[2], "--skip-update-check", "--no-sandbox"),
        ]

    def _environment(self, folder: Path) -> dict[str, str]:
        return {**super()._environment(folder), "XDG_CONFIG_HOME": str(folder)}


class MarimoNotebook(Notebook):
    """A notebook of marimo open in a page, its views in shadow trees."""

    def __init__(self, page: Page, server: Marimo, name: str):
        super().__init__(page, server, name)

    def open(self) -> None:
        self.page.goto(self._url)
        self.widget().wait_for()

    def close(self) -> None:
        self.page.close()

    def wait_for(self, condition: str, number: int = 0) -> None:
        with self.explained():
            self.page.wait_for_function(
                f"(element) => {{ const d = element.dataset; return {condition}; }}",
                arg=self.widget(number).element_handle(),
            )
