"""Running a notebook without a browser."""

import re
from html.parser import HTMLParser

import nbformat
import pytest

from jupyspike.__main__ import run
from jupyspike.headless import output_text


@pytest.fixture
def notebook(tmp_path):
    def make(*cells: str):
        path = tmp_path / "model.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)
        return path

    return make


def test_text_is_printed_and_pictures_go_into_the_page(notebook, capsys):
    draw = "from IPython.display import SVG, display\ndisplay(SVG('<svg id=\"raster\"></svg>'))"
    path = notebook("print('4000 neurons')\n20 + 22", draw)
    answer = run(["execute", str(path)])
    assert answer.status == 0
    assert capsys.readouterr().out == "4000 neurons\n42\n"
    assert "raster" in path.with_suffix(".html").read_text()


def test_the_page_is_complete_without_a_network(notebook, tmp_path):
    """Nothing in it is loaded from elsewhere, and formulas are drawn by the browser itself."""
    text = (
        "Rates $r_i$ follow $$\\frac{dr}{dt} = -r/\\tau$$ ![a picture](dot.svg)\n\n"
        "\\begin{align}a &= b\\end{align} $\\begin{x}$"
    )
    (tmp_path / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    cells = "3*mV", "Equations('dv/dt = -v/tau_m : volt')", "import ipywidgets\nipywidgets.IntSlider()"
    path = notebook("from jupyspike import *", *cells)
    content = nbformat.read(path, as_version=4)
    content.cells.insert(0, nbformat.v4.new_markdown_cell(text))
    nbformat.write(content, path)
    assert run(["execute", str(path)]).status == 0
    page = Page(path.with_suffix(".html").read_text())
    assert page.loaded == [] and page.pictures == ["data"]
    assert page.formulas == 5
    assert "<code>\\begin{x}</code>" in page.text  # makes no sense: shown as it is written


class Page(HTMLParser):
    """What an HTML page loads when it is shown, and how many formulas and pictures it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded, self.pictures, self.formulas, self.text = [], [], 0, text
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.formulas += tag == "math"
        if tag == "img":
            self.pictures.append(given["src"].partition(":")[0])
        elif tag in ("script", "iframe", "link", "embed", "object"):
            self.loaded += [given[name] for name in ("src", "href", "data") if name in given]

    def handle_data(self, data):
        self.loaded += re.findall(r"""(?:import|url|fetch)\(["']?(?:https?:)?//[^)]*""", data)


def test_a_cell_that_fails_ends_it_and_is_shown(notebook, capsys, tmp_path):
    page = tmp_path / "page.html"
    answer = run(["execute", str(notebook("print('before')", "1/0", "print('after')")), "--html", str(page)])
    assert answer.status == 1
    printed = capsys.readouterr().out
    assert "before" in printed
    assert "ZeroDivisionError" in printed
    assert "after" not in printed
    assert "ZeroDivisionError" in page.read_text()


def test_a_notebook_that_is_not_there_is_a_user_error(tmp_path):
    answer = run(["execute", str(tmp_path / "missing.ipynb")])
    assert answer.status == 1
    assert "missing.ipynb" in answer.text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"text/plain": "array([1, 2])"}, "array([1, 2])"),
        ({"text/html": "<b>card</b>", "text/plain": "exc: 3200 neurons"}, "exc: 3200 neurons"),
        ({"text/html": "<b>card</b>", "text/plain": "<IPython.core.display.HTML object>"}, ""),
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "VBox(children=())"}, ""),
        ({"image/png": "...", "text/plain": "<Figure size 640x480 with 1 Axes>"}, ""),
    ],
)
def test_only_what_says_something_as_text_is_text(data, expected):
    assert output_text({"output_type": "display_data", "data": data}) == expected
