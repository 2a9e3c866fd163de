"""Write one file that shows maps without Python: it holds the view's code and the data."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_CODE = Path(__file__).parent.parent / "static" / "page.js"
#: Only our own script runs, and nothing is fetched, neither from the net nor from the disk.
_POLICY = (
    "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ margin: 1rem; font: 13px/1.4 system-ui, sans-serif; color: #222; background: #fff; }}
pre {{ overflow: auto; padding: 0.5rem; border: 1px solid #8886; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #ddd; background: #111; }} }}
</style>
</head>
<body>
<ul>
{facts}
</ul>
<div id="view"></div>
<details><summary>How to make it again</summary><pre>{recipe}</pre></details>
<script id="saved" type="application/json">{saved}</script>
<script type="module">{code}</script>
</body>
</html>
"""


def saved_page(title: str, facts: list[str], recipe: str, saved: Mapping[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    title, recipe : str
        Shown unchanged, whatever characters they hold.
    facts : list of str
        Shown above the maps.
    saved : mapping
        The data that `js/src/store/saved.ts` reads: JSON, except for bytes, which become base64.
    """
    code = _CODE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    return _PAGE.format(
        policy=html.escape(_POLICY.format(hash=digest)),
        title=html.escape(title),
        facts="\n".join(f"<li>{html.escape(fact)}</li>" for fact in facts),
        recipe=html.escape(recipe),
        saved=_json(saved),
        code=code,
    )


def _json(value: Any) -> str:
    """Write JSON in which no tag can begin, so nothing can close the element around it."""
    text = json.dumps(value, default=_encoded, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _encoded(value: Any) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}
