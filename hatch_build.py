"""Give the package index a README whose pictures and links lead to the repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

#: What an image or a link leads to within the repository: no address, and no heading of the page itself.
_WITHIN = re.compile(r"(!?)\[((?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*)\]\((?!\w+:|#)([^)\s]+)\)")


def with_addresses(text: str, repository: str, tag: str) -> str:
    """Return Markdown whose relative images and links are addresses in a repository, as of a tag."""

    def absolute(found: re.Match[str]) -> str:
        mark, words, path = found.groups()
        inner = with_addresses(words, repository, tag)
        return f"{mark}[{inner}]({repository.rstrip('/')}/{'raw' if mark else 'blob'}/{tag}/{path})"

    return _WITHIN.sub(absolute, text)


class ReadmeHook(MetadataHookInterface):
    """Reads README.md; its links stay relative as long as `[project.urls]` names no Repository."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the readme to the metadata of the project."""
        text = (Path(self.root) / "README.md").read_text("utf-8")
        repository = metadata.get("urls", {}).get("Repository")
        if repository:
            text = with_addresses(text, repository, f"v{metadata['version']}")
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
