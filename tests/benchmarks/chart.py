# SPDX-License-Identifier: MIT
"""A chart of bars as SVG text: the same for the same figures, readable on light and dark ground."""

from __future__ import annotations

import math
from html import escape

_WIDTH, _LABELS, _ROW, _TITLE, _GAP = 760, 290, 22, 34, 18
_BARS = _WIDTH - _LABELS - 90
_STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.figure { font-variant-numeric: tabular-nums }
rect { fill: #9aa7b5 }
.own { fill: #1f6feb }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  rect { fill: #6e7a88 }
  .own { fill: #58a6ff }
}
</style>"""


def chart(panels: list[tuple[str, list[tuple[str, float]]]]) -> str:
    """Panels of bars, one below the other; bars of rolerules have a colour of their own.

    A bar's length goes with the logarithm of its figure, from a third of the least on: the figures
    of one panel lie up to a thousandfold apart. Each figure stands beside its bar.
    """
    parts, top = [], 0
    for title, rows in panels:
        parts.append(f'<text class="title" x="0" y="{top + 18}">{escape(title)}</text>')
        top += _TITLE
        least = min(value for _, value in rows) / 3
        span = math.log(max(value for _, value in rows) / least)
        for name, value in rows:
            parts.append(_bar(name, value, top, math.log(value / least) / span))
            top += _ROW
        top += _GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" role="img" '
        f'aria-label="rolerules beside other engines">'
    )
    return "\n".join([head, _STYLE, *parts, "</svg>", ""])


def _bar(name: str, value: float, top: int, share: float) -> str:
    long = round(share * _BARS)
    own = ' class="own"' if name.startswith("rolerules") else ""
    figure = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return (
        f'<text x="{_LABELS - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>'
        f'<rect{own} x="{_LABELS}" y="{top + 2}" width="{long}" height="15" rx="2"/>'
        f'<text class="figure" x="{_LABELS + long + 6}" y="{top + 14}">{figure}</text>'
    )
