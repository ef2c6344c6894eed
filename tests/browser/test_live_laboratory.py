"""The notebook of the live laboratory: three experiments, done with the mouse and the keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "live-laboratory.ipynb"
CELLS = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
LIVE = [k for k, source in enumerate(CELLS) if "--live" in source]
TITLE = """(name) => {
    const figures = [...Bokeh.documents].reverse().flatMap((shown) => [...shown._all_models.values()]);
    return figures.find((model) => model.type === 'Figure' && model.name === name)?.title.text ?? '';
}"""
RATE = "[spikes.rows, magic_network.live_run.time]"
LIKENESS = """def likeness(cell):
    averages = array(field.average)[cell]
    return float(max(corrcoef(image, hidden[cell])[0, 1] for image in averages)) if isfinite(averages).all() else 0.0"""
WATCHED = "from jupyspike_engine.objects.monitors.watching import watched_spikes\nspikes = watched_spikes({}).recording"


class Laboratory:
    def __init__(self, page):
        self.page, self.ran = page, 0

    def run_until(self, cell):
        """Run cells up to this one."""
        for k in range(self.ran, cell + 1):
            self.page.run(k)
            assert not any(output["output_type"] == "error" for output in self.page.outputs(k)), self.page.texts(k)
        self.ran = cell + 1
        self.page.scroll_to(cell)

    def choose(self, preset):
        options = self.panel.locator(f"select:has(option:text('{preset}'))")
        options.select_option(preset)

    @property
    def panel(self):
        return self.page.page.locator(".jupyspike-panel").last

    def rate(self, group, neurons):
        """Spikes of each neuron and second from now on, over 300 ms of wall time."""
        self.page.add(WATCHED.format(group))
        before = self.page.python(RATE)
        self.page.page.wait_for_timeout(300)
        after = self.page.python(RATE)
        return (after[0] - before[0]) / neurons / (after[1] - before[1])

    def picture(self, path):
        self.page.page.wait_for_timeout(300)
        self.panel.screenshot(path=path)


@pytest.fixture(scope="module")
def laboratory(browser):
    page = browser.open(CELLS, height=1500)
    yield Laboratory(page)
    assert page.errors == []
    page.close()


def test_inhibition_holds_the_network_and_irregularity_is_made_by_it(laboratory, screenshots):
    page = laboratory.page
    laboratory.run_until(LIVE[0])
    page.wait_for(lambda: page.python("magic_network.live_run.time") > 1)
    assert laboratory.rate("cells", 4000) == pytest.approx(5.6, abs=1.5)
    irregular = float(re.search(r"CV: cells ([\d.]+)", page.page.evaluate(TITLE, "isi"))[1])
    assert 0.4 < irregular < 1
    laboratory.picture(screenshots / "live-laboratory-1.png")
    laboratory.choose("little inhibition")
    page.wait_for(lambda: laboratory.rate("cells", 4000) > 100)
    laboratory.choose("no connections")
    page.wait_for(lambda: laboratory.rate("cells", 4000) == pytest.approx(18.9, abs=2))


def test_a_nerve_fires_or_rests_at_the_same_current(laboratory, screenshots):
    page = laboratory.page
    laboratory.run_until(LIVE[1])
    page.add(WATCHED.format("plane"))
    laboratory.choose("fires")
    page.wait_for(lambda: page.python("spikes.rows") > 3)
    laboratory.picture(screenshots / "live-laboratory-2.png")
    page.theme("JupyterLab Dark")
    laboratory.picture(screenshots / "live-laboratory-2-dark.png")
    page.theme("JupyterLab Light")
    laboratory.choose("rest")
    page.wait_for(lambda: page.python("plane.v_[0]") < 0.002)


def test_receptive_fields_come_out_of_the_noise(laboratory, screenshots):
    page = laboratory.page
    laboratory.run_until(LIVE[2])
    page.add(LIKENESS)
    page.wait_for(lambda: page.python("min(likeness(0), likeness(1))") > 0.6)
    assert page.python("magic_network.live_run.status") == "running"
    laboratory.picture(screenshots / "live-laboratory-3.png")
    before = page.page.evaluate(TITLE, "field spiketriggeredaverage[1]")
    page.wait_for(lambda: page.page.evaluate(TITLE, "field spiketriggeredaverage[1]") != before)
    laboratory.run_until(LIVE[2] + 1)
