"""axe-core, which finds what stands in the way of people: https://github.com/dequelabs/axe-core."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what axe finds fault with in our part of a page; that it has looked at nothing is an error."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text())
    passed, found = page.evaluate(
        """async (rules) => {
            const ours = document.querySelector('.tsne-widget');
            const { passes, violations } = await axe.run(ours, { runOnly: rules });
            const inWords = ({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
                `${id}: ${html.slice(0, 200)}: ${failureSummary}`);
            return [passes.map(({ id }) => id), violations.flatMap(inWords)];
        }""",
        _RULES,
    )
    assert {"button-name", "color-contrast", "target-size"} <= set(passed)
    return found
