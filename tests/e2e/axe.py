"""What axe finds on a page as it stands."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Experimental, and blind to numbers: a tile shows 66/72 and is called "66 trên 72 người".
LEFT_OUT = {"label-content-name-mismatch": {"enabled": False}}


async def accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA that axe calls serious or critical."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = await page.evaluate("options => axe.run(options)", {"runOnly": RULES, "rules": LEFT_OUT})
    serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in serious] == []
