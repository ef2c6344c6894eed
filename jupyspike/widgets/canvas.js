// Figures of plots: shows the frames the kernel sends and says when each has been painted.

const bokehOf = (version) => {
  const loaded = globalThis.Bokeh;
  return loaded?.version === version ? loaded : loaded?.[version];
};

const inflated = async (bytes, format) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
  return await new Response(stream).arrayBuffer();
};

const loadBokeh = async (bytes, version) => {
  if (bokehOf(version)) return;
  const script = document.createElement("script");
  script.textContent = new TextDecoder().decode(await inflated(bytes, "gzip"));
  document.head.append(script); // an inline script runs before append returns
  script.remove();
};

const ARRAYS = { u1: Uint8Array, u2: Uint16Array, f4: Float32Array, f8: Float64Array };

const decoded = (block, { type, at, count }) => new ARRAYS[type](block, at, count);

const decodedValues = (block, values) => {
  if (!values.steps) return decoded(block, values);
  const { low, scale, steps } = values;
  let level = 0;
  return Float64Array.from(decoded(block, steps), (step) => {
    level = (level + step) & 0xffff;
    return low + scale * level;
  });
};

// Dots are short dashes of one line with gaps: a browser strokes them all at once, ten times faster than a marker each.
const decodedDots = (block, { steps, x: [left, width], low, rows }, dash) => {
  const distances = decoded(block, steps);
  const x = new Float64Array(3 * distances.length).fill(NaN), y = new Float64Array(3 * distances.length).fill(NaN);
  let place = 0;
  for (let i = 0; i < distances.length; i++) {
    place += distances[i];
    const column = Math.floor(place / rows);
    x[3 * i] = left + width * column - dash / 2;
    x[3 * i + 1] = x[3 * i] + dash;
    y[3 * i] = y[3 * i + 1] = low + place - column * rows;
  }
  return { x, y };
};

const MANY_DOTS = 3000; // lines of one pixel are drawn several times faster than thicker ones
const DASH = 1.8; // length of a dot in pixels

// A place for the data of one mark. An image's array has a class of Bokeh's own, taken from the one it came with.
const placeFor = ({ glyph, data_source: source }) => {
  const Image = source.data.image?.[0]?.constructor;
  let empty = true;
  return (block, mark, pixel) => {
    if (!mark && empty) return;
    empty = !mark;
    if (mark?.dots) {
      const width = mark.dots.steps.count > MANY_DOTS ? 1 : 2;
      if (glyph.line_width?.value !== width) glyph.line_width = { value: width };
      source.data = decodedDots(block, mark.dots, DASH * pixel);
    } else if (mark?.columns) {
      const columns = Object.entries(mark.columns);
      source.data = Object.fromEntries(columns.map(([name, values]) => [name, decodedValues(block, values)]));
    } else if (Image) {
      const [x0, x1] = mark?.x ?? [0, 0], [y0, y1] = mark?.y ?? [0, 0];
      const image = mark ? new Image(decoded(block, mark.image), mark.shape) : new Image([0], [1, 1]);
      source.data = { image: [image], x: [x0], y: [y0], w: [x1 - x0], h: [y1 - y0] };
    } else {
      source.data = Object.fromEntries(Object.keys(source.data).map((name) => [name, new Float32Array(0)]));
    }
  };
};

const TEXT_COLOURS = [
  "major_label_text_color", "axis_label_text_color", "label_text_color", "major_tick_line_color", "title_text_color",
];

const takeThemeColours = (bokehDocument, el) => {
  const colour = getComputedStyle(el).color;
  for (const model of bokehDocument._all_models.values()) {
    for (const name of TEXT_COLOURS) {
      if (name in model.attributes && model[name] !== null) model[name] = colour;
    }
    if (model.type === "Title") model.text_color = colour;
  }
};

class Figures {
  constructor(bokehDocument, tell) {
    this.tell = tell;
    this.marks = new Map();
    this.ranges = new Map();
    this.named = new Map(); // titles and scales of colours
    this.setting = false;
    this.chosen = new Set(); // the ranges that a person has moved
    for (const model of bokehDocument._all_models.values()) {
      if (model.type === "GlyphRenderer") this.marks.set(model.name, placeFor(model));
      else if (model.type === "Figure") this.adopt(model);
      else if (model.type === "Title" || model.type === "LinearColorMapper") this.named.set(model.name, model);
    }
  }

  adopt(figure) {
    for (const range of [figure.x_range, figure.y_range]) {
      if (this.ranges.has(range.name)) continue;
      this.ranges.set(range.name, range);
      range.change.connect(() => this.moved(range.name));
    }
    if (figure.x_range.name === "time") this.timed = figure;
    figure.on_event("reset", () => this.follow());
  }

  show({ ranges, plots }, block) {
    this.setting = true;
    const pixel = (ranges.time[1] - ranges.time[0]) / Math.max(1, this.timed?.inner_width ?? 1);
    for (const [name, plot] of Object.entries(plots)) {
      for (const [key, place] of this.marks) {
        const cut = key.lastIndexOf("/");
        if (key.slice(0, cut) === name) place(block, plot.marks[key.slice(cut + 1)], pixel);
      }
      const title = this.named.get(`${name}/title`), colours = this.named.get(`${name}/colours`);
      if (title && title.text !== plot.title) title.text = plot.title;
      if (colours && plot.colours) colours.setv({ low: plot.colours[0], high: plot.colours[1] });
    }
    for (const [name, [start, end]] of Object.entries(ranges)) {
      if (!this.chosen.has(name)) this.ranges.get(name)?.setv({ start, end });
    }
    this.setting = false;
  }

  // A person has zoomed or moved a plot: the kernel is asked for what is seen there, once the hand rests.
  moved(name) {
    if (this.setting) return;
    this.chosen.add(name);
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      const seen = [...this.chosen].map((name) => [name, this.ranges.get(name)]);
      const ranges = Object.fromEntries(seen.map(([name, { start, end }]) => [name, [start, end]]));
      this.tell({ kind: "look", ranges });
    }, 60);
  }

  follow() {
    clearTimeout(this.pending);
    setTimeout(() => {
      clearTimeout(this.pending); // the reset tool has moved the ranges itself
      this.chosen.clear();
      this.tell({ kind: "look", ranges: {} });
    });
  }
}

const FORMATS = { png: "a picture of points", svg: "a picture of lines", html: "a page that needs no kernel" };

const exportButtons = (page, tell) => {
  const bar = document.createElement("div");
  bar.className = "jupyspike-export";
  for (const [format, what] of Object.entries(FORMATS)) {
    const button = document.createElement("button");
    button.textContent = format.toUpperCase();
    button.title = `Save as ${what}`;
    button.onclick = () => tell({ kind: "export", format, page });
    bar.append(button);
  }
  return bar;
};

const offer = (name, bytes) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

// JupyterLab takes cells that are out of sight off the page; Bokeh draws only into what is on it.
const onPage = async (el, given_up) => {
  while (!el.isConnected && !given_up()) await new Promise((later) => setTimeout(later, 200));
};

// Bokeh keeps each document that was ever shown, with all its data.
const takeOff = (manager, { documents }) => {
  const [view] = manager;
  const place = documents.indexOf(view?.model.document);
  manager.clear();
  if (place >= 0) documents.splice(place, 1);
};

// The first messages of a page can get lost while JupyterLab makes the thread for them in the kernel.
const insist = (send, answered) => {
  let again = false;
  const timer = setInterval(() => (answered() ? clearInterval(timer) : send(again)), 3000);
  send(again);
  again = true;
};

const render = ({ model, el }) => {
  const version = model.get("bokeh_version");
  const page = Math.random().toString(36).slice(2);
  const tell = (message) => {
    try {
      model.send(message);
    } catch {} // the kernel has been restarted: it does not know this figure any more
  };
  let figures = null;
  let views = null;
  let closed = false;
  let painted = false;
  let watcher = null;

  const embed = async () => {
    await onPage(el, () => closed);
    if (views || closed) return;
    const place = document.createElement("div");
    el.append(place, exportButtons(page, tell));
    views = bokehOf(version).embed.embed_item(model.get("figures"), place);
    const manager = await views;
    if (closed) return;
    const [view] = manager;
    const bokehDocument = view.model.document;
    figures = new Figures(bokehDocument, tell);
    const colours = () => takeThemeColours(bokehDocument, el);
    watcher = new MutationObserver(colours);
    watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "class"] });
    colours();
    insist((again) => tell({ kind: "ready", again }), () => painted || closed);
  };

  const receive = async (message, buffers) => {
    if (message.kind === "library") {
      await loadBokeh(buffers[0], version);
      await embed();
    } else if (message.kind === "file" && message.page === page) {
      offer(message.name, buffers[0]);
    } else if (message.kind === "frame" && figures) {
      const block = await inflated(buffers[0], "deflate");
      if (closed) return;
      figures.show(message, block);
      painted = true;
      requestAnimationFrame(() => setTimeout(() => tell({ kind: "painted", number: message.number })));
    }
  };

  model.on("msg:custom", receive);
  if (bokehOf(version)) embed();
  else insist(() => tell({ kind: "library" }), () => views || closed);

  return () => {
    closed = true;
    model.off("msg:custom", receive);
    watcher?.disconnect();
    views?.then((manager) => takeOff(manager, bokehOf(version)));
    if (figures) tell({ kind: "gone" });
  };
};

export default { render };
