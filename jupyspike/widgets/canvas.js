// The figures of a live panel: shows the frames the kernel sends and says when each has been painted.

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

const EMPTY = () => ({ x: new Float32Array(0), y: new Float32Array(0) });

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
      return;
    }
    if (!Image) {
      source.data = mark ? { x: decodedValues(block, mark.x), y: decodedValues(block, mark.y) } : EMPTY();
      return;
    }
    const [x0, x1] = mark?.x ?? [0, 0], [y0, y1] = mark?.y ?? [0, 0];
    const image = mark ? new Image(decoded(block, mark.image), mark.shape) : new Image([0], [1, 1]);
    source.data = { image: [image], x: [x0], y: [y0], w: [x1 - x0], h: [y1 - y0] };
  };
};

const TEXT_COLOURS = ["major_label_text_color", "axis_label_text_color", "label_text_color", "major_tick_line_color"];

const takeThemeColours = (bokehDocument, el) => {
  const colour = getComputedStyle(el).color;
  for (const model of bokehDocument._all_models.values()) {
    for (const name of TEXT_COLOURS) {
      if (name in model.attributes && model[name] !== null) model[name] = colour;
    }
  }
};

class Figures {
  constructor(bokehDocument, tell) {
    this.tell = tell;
    this.marks = new Map();
    this.ranges = new Map();
    this.setting = false;
    this.following = true;
    for (const model of bokehDocument._all_models.values()) {
      if (model.type === "GlyphRenderer") this.marks.set(model.name, placeFor(model));
      if (model.type === "Figure") this.adopt(model);
    }
  }

  adopt(figure) {
    this.figure = figure;
    this.time = figure.x_range;
    this.ranges.set(figure.name, figure.y_range);
    if (this.ranges.size === 1) figure.x_range.change.connect(() => this.moved());
    figure.y_range.change.connect(() => this.moved());
    figure.on_event("reset", () => this.follow());
  }

  show(frame, block) {
    this.setting = true;
    const pixel = (frame.x[1] - frame.x[0]) / Math.max(1, this.figure.inner_width);
    for (const [name, plot] of Object.entries(frame.plots)) {
      for (const [key, place] of this.marks) {
        const [owner, mark] = key.split("/");
        if (owner === name) place(block, plot.marks[mark], pixel);
      }
      if (this.following) this.ranges.get(name).setv({ start: plot.y[0], end: plot.y[1] });
    }
    if (this.following) this.time.setv({ start: frame.x[0], end: frame.x[1] });
    this.setting = false;
  }

  // A person has zoomed or moved a plot: the kernel is asked for what is seen there, once the hand rests.
  moved() {
    if (this.setting) return;
    this.following = false;
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      const y = Object.fromEntries([...this.ranges].map(([name, r]) => [name, [r.start, r.end]]));
      this.tell({ kind: "look", x: [this.time.start, this.time.end], y });
    }, 60);
  }

  follow() {
    clearTimeout(this.pending);
    setTimeout(() => {
      clearTimeout(this.pending); // the reset tool has moved the ranges itself
      this.following = true;
      this.tell({ kind: "look" });
    });
  }
}

// The first messages of a page can get lost while JupyterLab makes the thread for them in the kernel.
const insist = (send, answered) => {
  send();
  const timer = setInterval(() => (answered() ? clearInterval(timer) : send()), 3000);
};

const render = ({ model, el }) => {
  const version = model.get("bokeh_version");
  let figures = null;
  let views = null;
  let closed = false;
  let painted = false;
  let watcher = null;

  const embed = async () => {
    if (views || closed) return;
    views = bokehOf(version).embed.embed_item(model.get("figures"), el);
    const manager = await views;
    if (closed) return manager.clear();
    const [view] = manager;
    const bokehDocument = view.model.document;
    figures = new Figures(bokehDocument, (message) => model.send(message));
    const colours = () => takeThemeColours(bokehDocument, el);
    watcher = new MutationObserver(colours);
    watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "class"] });
    colours();
    insist(() => model.send({ kind: "ready" }), () => painted || closed);
  };

  const receive = async (message, buffers) => {
    if (message.kind === "library") {
      await loadBokeh(buffers[0], version);
      await embed();
    } else if (message.kind === "frame" && figures) {
      const block = await inflated(buffers[0], "deflate");
      if (closed) return;
      figures.show(message, block);
      painted = true;
      requestAnimationFrame(() => setTimeout(() => model.send({ kind: "painted", number: message.number })));
    }
  };

  model.on("msg:custom", receive);
  if (bokehOf(version)) embed();
  else insist(() => model.send({ kind: "library" }), () => views || closed);

  return () => {
    closed = true;
    model.off("msg:custom", receive);
    watcher?.disconnect();
    views?.then((manager) => manager.clear());
  };
};

export default { render };
