"""The cells in JupyterLab: their language is highlighted, completed and explained."""

import re
from random import Random

import pytest

EXC = """%%neurons exc -n 10
dv/dt = (I - v)/taum : volt (unless refractory)  # the membrane
I = 2*mV
taum = 20*ms in [5*ms, 50*ms]
threshold: v > 1*mV and rand() < 0.5
reset: v = 0*mV
refractory: 2*ms"""
# The text of each coloured stretch of a cell, with the variables of the theme that have its colour.
TOKENS = """(index) => {
    const names = ['meta', 'keyword', 'def', 'atom', 'number', 'builtin', 'string-2', 'comment', 'attribute'];
    const probe = document.body.appendChild(document.createElement('span'));
    const colour = (name) => {
        probe.style.color = `var(--jp-mirror-editor-${name}-color)`;
        return getComputedStyle(probe).color;
    };
    const colours = names.map((name) => [name, colour(name)]);
    probe.remove();
    return [...codeCell(index).node.querySelectorAll('.cm-line span')].map((span) => {
        const own = getComputedStyle(span).color;
        return [span.textContent, colours.filter(([, other]) => other === own).map(([name]) => name)];
    });
}"""

# What the list of completions offers, each with its kind and unit.
OFFERED = """[...document.querySelectorAll('.jp-Completer-item')].map((item) => [
    item.querySelector('.jp-Completer-match')?.textContent ?? '',
    (item.querySelector('.jp-Completer-typeExtended')?.textContent ?? '').replaceAll('\\u00a0', ' '),
])"""
# The text that the editor of the first cell shows when the cell is given each of several texts.
SHOW_EACH = """(texts) => texts.map((text) => {
    codeCell(0).model.sharedModel.setSource(text);
    return [...codeCell(0).node.querySelectorAll('.cm-line')].map((line) => line.textContent).join('');
})"""


def tokens(page, index):
    """What each word of a cell is coloured as."""
    return dict(page.page.evaluate(TOKENS, index))


def type_into(page, index, text):
    """Replace the text of a cell as a person does, with the cursor at its end."""
    page.page.evaluate("(index) => { codeCell(index).editor.focus(); }", index)
    page.page.keyboard.press("Control+a")
    page.page.keyboard.insert_text(text)


@pytest.fixture
def page(open_notebook):
    return open_notebook([EXC, "for v in range(3): mV = 20*v", "%load_ext jupyspike"])


def test_cells_are_highlighted_in_their_own_language_and_python_in_its_own(page, screenshots):
    expected = {
        "%%neurons": "meta", "-n": "attribute", "dv/dt": "def", "taum": "def", "volt": "atom", "mV": "atom",
        "20": "number", "unless refractory": "string-2", "# the membrane": "comment", "in": "keyword",
        "threshold": "keyword", "and": "keyword", "rand": "builtin",
    }  # fmt: skip
    for theme in ("Dark", "Light"):
        page.theme(f"JupyterLab {theme}")
        page.wait_for(lambda: "meta" in tokens(page, 0).get("%%neurons", []))
        page.page.screenshot(path=screenshots / f"cells-{theme.lower()}.png")
        found = tokens(page, 0)
        assert {word: expected[word] for word in expected if expected[word] not in found.get(word, [])} == {}
        python = tokens(page, 1)
        assert "keyword" in python["for"] and "builtin" in python["range"]
        assert "atom" not in python.get("mV", [])
    assert page.errors == []


def test_the_language_of_a_cell_changes_while_its_first_line_is_typed(page):
    type_into(page, 1, "reset: v = 0*mV")
    assert "keyword" not in tokens(page, 1).get("reset", [])
    type_into(page, 1, "%%neurons a\nreset: v = 0*mV")
    page.wait_for(lambda: "keyword" in tokens(page, 1).get("reset", []))
    type_into(page, 1, "reset: v = 0*mV")
    page.wait_for(lambda: "keyword" not in tokens(page, 1).get("reset", []))


def test_no_text_breaks_the_editor(page):
    """What somebody types is unfinished most of the time."""
    pieces = [
        *re.findall(r"\s+|\w+|.", EXC),
        "\n  ",
        "events:\n",
        "method:",
        "connect: p=",
        "(",
        ")",
        "[",
        "'",
        "\u03c4",
        "--method",
    ]
    random = Random(1)
    texts = ["%%synapses " + "".join(random.choices(pieces, k=40)) for _ in range(200)]
    shown = page.page.evaluate(SHOW_EACH, texts)
    assert shown == [text.replace("\n", "") for text in texts]
    assert page.errors == []


def test_the_tab_key_offers_what_fits_with_its_unit_and_shift_tab_explains_it(page, screenshots):
    page.run(2)
    page.run(0)
    type_into(page, 1, "%%synapses exc -> exc\nw : volt\non_pre: v_post += ")
    page.page.keyboard.press("Tab")
    page.page.locator(".jp-Completer").wait_for()
    listed = dict(page.page.evaluate(OFFERED))
    assert listed["w"] == "variable, volt"
    assert listed["v_pre"] == "variable of the source, volt"
    assert listed["rand"].startswith("function")
    page.page.screenshot(path=screenshots / "completion.png")
    page.page.keyboard.press("Escape")
    page.page.keyboard.insert_text("2*m")
    page.page.keyboard.press("Tab")
    page.wait_for(lambda: dict(page.page.evaluate(OFFERED)).get("mV") == "unit, volt")
    page.page.keyboard.press("Escape")
    type_into(page, 1, "%%synapses exc -> exc\ndelay")
    page.page.keyboard.press("Shift+Tab")
    tooltip = page.page.locator(".jp-Tooltip")
    tooltip.wait_for()
    assert "delay: key, second" in tooltip.inner_text()
    page.page.screenshot(path=screenshots / "help.png")
    assert page.errors == []
