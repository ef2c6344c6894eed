"""What figures in a page of JupyterLab show, for tests."""

import json

import numpy as np

SHOWN = """(name) => {
    for (const shown of [...(globalThis.Bokeh?.documents ?? [])].reverse()) {
        const models = [...shown._all_models.values()];
        const source = models.find((model) => model.type === 'ColumnDataSource' && model.name === name);
        if (!source) continue;
        const { image, xs, ys, ...columns } = source.data;
        const numbers = Object.entries(columns).map(([key, values]) => [key, Array.from(values)]);
        const data = Object.fromEntries(numbers);
        if (image) data.image = { levels: Array.from(image[0]), shape: image[0].shape };
        return data;
    }
    return null;
}"""
FIGURE = """(name) => {
    for (const shown of [...(globalThis.Bokeh?.documents ?? [])].reverse()) {
        const found = [...shown._all_models.values()].find(({type, name: own}) => type === 'Figure' && own === name);
        if (!found) continue;
        const {x_range, y_range, below, left, title} = found;
        return {
            x: [x_range.start, x_range.end], y: [y_range.start, y_range.end], title: title.text,
            labels: [below[0].axis_label, left[0].axis_label], ticks: left[0].ticker.ticks, width: found.inner_width,
        };
    }
}"""


class Notebook:
    """A notebook in which something has run, and a function ``tell`` prints arrays as JSON."""

    def __init__(self, page):
        self.page = page

    def show(self, code, *sources):
        """Display something; returns when the page has data of these sources."""
        cell = self.page.add(code)
        for source in sources:
            self.page.wait_for(lambda name=source: self.filled(name), timeout=20)
        return cell

    def data(self, name):
        """What the page has of a source, as arrays."""
        data = self.page.page.evaluate(SHOWN, name)
        return {key: np.array(value, float) if key != "image" else value for key, value in (data or {}).items()}

    def filled(self, name):
        data = self.data(name)
        levels = data["image"]["levels"] if "image" in data else data.get("level")
        return np.any(levels) if levels is not None else len(data.get("x", [])) > 0

    def image(self, name):
        found = self.data(name)["image"]
        return np.array(found["levels"]).reshape(found["shape"])

    def figure(self, name):
        return self.page.page.evaluate(FIGURE, name)

    def told(self, values):
        """Arrays of the kernel, by their names."""
        index = self.page.add(f"tell({values})")
        return {name: np.array(value) for name, value in json.loads(self.page.texts(index)[-1]).items()}

    def picture(self, cell, path):
        self.page.scroll_to(cell)
        self.page.page.wait_for_timeout(300)
        self.page.page.locator(".jupyspike-panel").last.screenshot(path=path)
