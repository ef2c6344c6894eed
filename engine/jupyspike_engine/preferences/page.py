"""Preferences as a text and as a table of a notebook."""

from __future__ import annotations

import html
from collections.abc import Sequence

Row = tuple[str, str, bool, str]  # name, value, whether it is not the default, purpose


def as_text(rows: Sequence[Row]) -> str:
    """A line for each preference; those that were changed are marked."""
    return "\n".join(f"{name} = {value}{'  # changed' if changed else ''}" for name, value, changed, _ in rows)


def as_html(rows: Sequence[Row]) -> str:
    """A table with the purpose of each; those that were changed are bold."""
    lines = []
    for name, value, changed, docs in rows:
        shown = f"<code>{html.escape(value)}</code>"
        cells = (f"<code>{html.escape(name)}</code>", f"<b>{shown}</b>" if changed else shown, html.escape(docs))
        lines.append("<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>")
    head = "<tr><th>preference</th><th>value</th><th>what it is for</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{''.join(lines)}</tbody></table>"
