"""Executed notebooks as HTML pages that are complete: they show the same without a network.

nbconvert's own page loads MathJax, RequireJS and others from the internet. Here formulas become MathML, which browsers
draw themselves, and nothing else is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from jinja2 import DictLoader, pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

LOADED = ("html_head_js", "jupyter_widgets", "html_head_js_mathjax", "html_head_js_mermaidjs")  # from the internet
TEMPLATE = "\n".join(
    [
        "{%- extends 'index.html.j2' -%}",
        *(f"{{%- block {name} -%}}{{%- endblock -%}}" for name in LOADED),
        '{%- block data_latex -%}<div class="jp-RenderedLatex jp-OutputArea-output {{ extra_class }}">'
        "{{ output.data['text/latex'] | formula }}</div>{%- endblock -%}",
    ]
)


def page_of(notebook: NotebookNode, folder: str) -> str:
    """A notebook with its outputs as the text of an HTML page.

    Parameters
    ----------
    folder : str
        Where it is: pictures that its text shows are looked for there.
    """
    exporter = _Page(extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})])  # type: ignore[no-untyped-call]  # nbconvert has no types here
    html, _ = exporter.from_notebook_node(notebook, {"metadata": {"path": folder}})
    return html


def formula(latex: str, display: str = "inline") -> str:
    """A formula as MathML; as the text that it is if it makes no sense.

    Examples
    --------
    >>> "<msup><mi>x</mi><mn>2</mn></msup>" in formula("x^2")
    True
    """
    try:
        return str(convert(latex, display=display))
    except Exception:  # of whatever kind: its author sees what is written
        return f"<code>{escape(latex)}</code>"


def _output(latex: str) -> str:
    """A formula that an object shows, within dollar signs or an environment."""
    inline = latex.startswith("$") and not latex.startswith("$$")
    return formula(latex.strip("$"), "inline" if inline else "block")


class _Text(IPythonRenderer):
    """The text of a notebook, with its formulas."""

    def block_math(self, body: str) -> str:
        return formula(body, "block")

    def inline_math(self, body: str) -> str:
        return formula(body)

    def latex_environment(self, name: str, body: str) -> str:
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


class _Page(HTMLExporter):
    """nbconvert's page without what it loads."""

    template_file = "page.html.j2"

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        yield from super().default_filters()  # type: ignore[no-untyped-call]  # nbconvert has no types here
        yield "markdown2html", self._text
        yield "formula", _output

    @pass_context
    def _text(self, context: Context, source: str) -> str:
        cell: Mapping[str, Any] = context.get("cell", {})
        resources: Mapping[str, Any] = context.get("resources", {})
        path = resources.get("metadata", {}).get("path", "")
        attachments = cell.get("attachments", {})
        text = _Text(escape=False, attachments=attachments, embed_images=True, path=path)
        return str(MarkdownWithMath(renderer=text).render(source))
