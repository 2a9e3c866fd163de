"""Write one file that shows maps without Python: it holds the view's code and the data."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CODE = Path(__file__).parent.parent / "static" / "page.js"
#: Only our own script runs, and nothing is fetched, neither from the net nor from the disk.
_POLICY = (
    "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
#: The view fills the window above the footer's first line, which its host's margin keeps free.
_STYLE = """\
body { margin: 0 1rem; font: 13px/1.4 system-ui, sans-serif; color: #222; background: #fff; }
h1 { margin: 0.5rem 0 0; font-size: 1.25rem; line-height: 1.3; overflow-wrap: anywhere; }
header p { margin: 0 0 0.4rem; overflow-wrap: anywhere; }
.description { max-width: 80ch; white-space: pre-line; }
.about { color: #666; }
.about span { white-space: nowrap; }
#view { margin-bottom: 2.4rem; }
footer { display: flex; flex-wrap: wrap; gap: 0 2rem; margin-top: -2rem; padding-bottom: 0.7rem; }
details { min-width: 0; max-width: 100%; }
details[open] { flex-basis: 100%; }
summary { width: max-content; cursor: pointer; }
li { overflow-wrap: anywhere; }
pre { overflow: auto; padding: 0.5rem; border: 1px solid #8886; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #111; }
  .about { color: #999; }
}
@media print {
  footer { margin-top: 0; }
  pre { white-space: pre-wrap; }
}
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
{description}<p class="about">{sentence} <span>{saved_on}</span></p>
</header>
<main id="view"></main>
<footer>
<details><summary>What this file holds</summary><ul>
{facts}
</ul></details>
<details><summary>How to make it again</summary><pre>{recipe}</pre></details>
</footer>
<script id="saved" type="application/json">{saved}</script>
<script type="module">{code}</script>
</body>
</html>
"""


@dataclass(frozen=True)
class About:
    """What a page says of itself, shown unchanged, whatever characters it holds.

    Attributes
    ----------
    title : str
    description : str
        The user's own words; may be empty.
    sentence : str
        What the page shows.
    saved_on : str
        When it was saved, and with what.
    facts : list of str
        What the file holds.
    recipe : str
        The code that makes the maps.
    """

    title: str
    description: str
    sentence: str
    saved_on: str
    facts: list[str]
    recipe: str


def saved_page(about: About, saved: Mapping[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    saved : mapping
        The data that `js/src/store/saved.ts` reads: JSON, except for bytes, which become base64.
    """
    code = _CODE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    told = html.escape(about.description)
    return _PAGE.format(
        policy=html.escape(_POLICY.format(hash=digest)),
        style=_STYLE,
        title=html.escape(about.title),
        description=f'<p class="description">{told}</p>\n' if told else "",
        sentence=html.escape(about.sentence),
        saved_on=html.escape(about.saved_on),
        facts="\n".join(f"<li>{html.escape(fact)}</li>" for fact in about.facts),
        recipe=html.escape(about.recipe),
        saved=_json(saved),
        code=code,
    )


def _json(value: Any) -> str:
    """Write JSON in which no tag can begin, so nothing can close the element around it."""
    text = json.dumps(value, default=_encoded, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _encoded(value: Any) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}
