// Figures of plots: shows the frames the kernel sends and says when each has been painted.

const bokehOf = (version) => {
  const loaded = globalThis.Bokeh;
  return loaded?.version === version ? loaded : loaded?.[version];
};

const inflated = async (bytes, format) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
  return await new Response(stream).arrayBuffer();
};

// What a figure needs that is not on the page yet: BokehJS, and for cells in space three.js.
const lacking = (model) => {
  const libraries = [];
  if (!bokehOf(model.get("bokeh_version"))) libraries.push("bokeh");
  if (model.get("solids").length && !globalThis.jupyspikeSolid) libraries.push("solid");
  return libraries;
};

const load = async (bytes) => {
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

// Dots of a raster are short dashes of one line with gaps: a browser strokes them all at once, ten times faster than a
// marker each.
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

// How thick the dashes are, which makes dots or, where rows are high, bars; as tick_height in axes.py.
const dotHeight = (count, row) => (count > MANY_DOTS ? 1 : Math.min(12, Math.max(2, Math.round(0.7 * row))));

// A place for the data of one mark. An image's array has a class of Bokeh's own, taken from the one it came with.
const placeFor = ({ glyph, data_source: source }) => {
  const Image = source.data.image?.[0]?.constructor;
  let empty = true;
  return (block, mark, pixel, row) => {
    if (!mark && empty) return;
    empty = !mark;
    if (mark?.dots) {
      const width = dotHeight(mark.dots.steps.count, row);
      if (glyph.line_width?.value !== width) glyph.line_width = { value: width };
      source.data = decodedDots(block, mark.dots, DASH * pixel);
    } else if (mark?.levels) {
      source.data.level = decoded(block, mark.levels);
      source.change.emit();
    } else if (mark?.columns) {
      const columns = Object.entries(mark.columns);
      source.data = Object.fromEntries(columns.map(([name, values]) => [name, decodedValues(block, values)]));
    } else if (Image) {
      const [x0, x1] = mark?.x ?? [0, 0], [y0, y1] = mark?.y ?? [0, 0];
      const image = mark ? new Image(decoded(block, mark.image), mark.shape) : new Image([0], [1, 1]);
      source.data = { image: [image], x: [x0], y: [y0], w: [x1 - x0], h: [y1 - y0] };
    } else if (source.data.level) {
      source.data.level.fill(0);
      source.change.emit();
    } else {
      source.data = Object.fromEntries(Object.keys(source.data).map((name) => [name, new Float32Array(0)]));
    }
  };
};

const TEXT_COLOURS = [
  "major_label_text_color", "axis_label_text_color", "label_text_color", "major_tick_line_color", "title_text_color",
];

// Whether a text of this colour is to be read on a dark page.
const isLight = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) > 384;

// A colour of data in the shade for a light or a dark page; what follows the six digits is how opaque it is.
const shades = (onDark, dark) => {
  const pairs = Object.entries(onDark).map(([light, lighter]) => (dark ? [light, lighter] : [lighter, light]));
  const shade = new Map(pairs);
  return (colour) => {
    const plain = typeof colour === "string" && shade.get(colour.slice(0, 7).toUpperCase());
    return plain ? plain + colour.slice(7) : colour;
  };
};

const takeThemeColours = (bokehDocument, el, onDark) => {
  const colour = getComputedStyle(el).color, shade = shades(onDark, isLight(colour));
  const models = [...bokehDocument._all_models.values()];
  for (const model of models) {
    if (model.type === "LinearColorMapper") {
      const palette = model.palette.map(shade);
      if (palette[255] !== model.palette[255]) model.palette = palette;
    }
    if (model.type !== "GlyphRenderer") continue;
    for (const name of ["line_color", "fill_color"]) {
      const value = model.glyph[name]?.value, other = shade(value);
      if (other !== value) model.glyph[name] = { value: other };
    }
  }
  // Last: a legend is measured anew for the colour of its text.
  for (const model of models) {
    for (const name of TEXT_COLOURS) {
      if (name in model.attributes && model[name] !== null) model[name] = colour;
    }
    if (model.type === "Title") model.text_color = colour;
  }
};

// A scale of colours, or what draws in them, in those of a kind of map.
const recolour = (mapper, palette) => {
  const last = palette.length - 1;
  if (mapper && mapper.palette[last] !== palette[last]) mapper.palette = palette;
};

// The ranges of two axes on which a length is as long, around what is to be seen.
const equalRanges = (figure, ranges) => {
  const across = figure.inner_width, up = figure.inner_height;
  if (!(across > 0 && up > 0)) return ranges;
  const [x, y] = ranges, scale = Math.max((x[1] - x[0]) / across, (y[1] - y[0]) / up) / 2;
  const around = ([start, end], size) => [(start + end) / 2 - scale * size, (start + end) / 2 + scale * size];
  return [around(x, across), around(y, up)];
};

class Figures {
  constructor(models, views, solids, maps, tell) {
    this.tell = tell;
    this.views = views;
    this.maps = maps;
    this.rooms = new Map(); // what figures have room for
    this.solids = solids;
    this.equal = new Map(); // figures on whose axes a length is as long, with what they are to show
    this.marks = new Map();
    this.ranges = new Map();
    this.figures = new Map();
    this.named = new Map(); // titles, scales of colours, and what draws marks in them
    this.setting = false;
    this.chosen = new Set(); // the ranges that a person has moved
    const drawn = new Map();
    for (const model of models) {
      if (model.type === "GlyphRenderer" && model.name) drawn.set(model.name, model);
      else if (model.type === "Figure") this.adopt(model);
      else if (model.type === "Title" || model.type === "LinearColorMapper") this.named.set(model.name, model);
    }
    for (const [name, renderer] of drawn) this.marks.set(name, placeFor(renderer));
    for (const shown of models.filter(({ type, name }) => type === "GlyphRenderer" && !name)) { // in a legend
      const renderer = drawn.get(shown.tags[0]);
      shown.properties.visible.change.connect(() => (renderer.visible = shown.visible));
    }
  }

  adopt(figure) {
    this.figures.set(figure.name, figure);
    for (const range of [figure.x_range, figure.y_range]) {
      if (this.ranges.has(range.name)) continue;
      this.ranges.set(range.name, range);
      range.change.connect(() => this.moved(range.name));
    }
    if (figure.x_range.name === "time") this.timed = figure;
    // Bokeh answers a double click by going back to the ranges before a box, which are long out of date.
    for (const name of ["reset", "doubletap"]) figure.on_event(name, () => this.follow());
    if (figure.tags.includes("shapes")) figure.on_event("tap", (event) => this.tapped(figure, event));
    if (figure.tags.includes("equal")) {
      this.equal.set(figure, null);
      figure.properties.inner_width.change.connect(() => this.fit(figure));
    }
  }

  fit(figure) {
    const wanted = this.equal.get(figure), names = [figure.x_range.name, figure.y_range.name];
    if (!wanted || names.some((name) => this.chosen.has(name))) return;
    const before = this.setting;
    this.setting = true;
    const [x, y] = equalRanges(figure, wanted);
    figure.x_range.setv({ start: x[0], end: x[1] });
    figure.y_range.setv({ start: y[0], end: y[1] });
    this.setting = before;
  }

  // A person has clicked into shapes: the kernel knows which one is near.
  tapped({ name, x_range, y_range, inner_width, inner_height }, { x, y }) {
    const pixel = [(x_range.end - x_range.start) / inner_width, (y_range.end - y_range.start) / inner_height];
    this.tell({ kind: "picked", plot: name, at: [x, y], pixel });
  }

  show({ ranges, plots }, block) {
    this.setting = true;
    const pixel = (ranges.time[1] - ranges.time[0]) / Math.max(1, this.timed?.inner_width ?? 1);
    for (const [name, plot] of Object.entries(plots)) {
      const solid = this.solids.get(name), mark = Object.values(plot.marks)[0];
      const row = this.rowHeight(name, ranges[`${name}/y`]);
      solid?.show(mark ? decoded(block, mark.levels) : [], plot.colours ?? [0, 1], plot.title);
      for (const [key, place] of this.marks) {
        const cut = key.lastIndexOf("/");
        if (key.slice(0, cut) !== name) continue;
        if (plot.map) recolour(this.named.get(key), this.maps[plot.map]);
        place(block, plot.marks[key.slice(cut + 1)], pixel, row);
      }
      const title = this.named.get(`${name}/title`), colours = this.named.get(`${name}/colours`);
      if (title && title.text !== plot.title) title.text = plot.title;
      if (colours && plot.colours) {
        recolour(colours, this.maps[plot.map].slice(1));
        colours.setv({ low: plot.colours[0], high: plot.colours[1] });
      }
      this.makeRoom(name, plot);
    }
    for (const figure of this.equal.keys()) {
      const wanted = [ranges[figure.x_range.name], ranges[figure.y_range.name]];
      if (wanted[0] && wanted[1]) this.equal.set(figure, wanted);
      this.fit(figure);
      wanted.forEach((_, k) => delete ranges[[figure.x_range.name, figure.y_range.name][k]]);
    }
    for (const [name, [start, end]] of Object.entries(ranges)) {
      if (!this.chosen.has(name)) this.ranges.get(name)?.setv({ start, end });
    }
    this.setting = false;
  }

  // Bokeh gives no room to a title that comes later, nor to wider numbers beside a scale of colours.
  makeRoom(name, { title, colours }) {
    const needed = [title !== "", ...(colours ?? []).map((end) => end.toPrecision(2))].join();
    if (this.rooms.get(name) === needed) return;
    this.rooms.set(name, needed);
    setTimeout(() => this.views?.find_one(this.figures.get(name))?.request_layout(true)); // once it is measured
  }

  // The pixels of one on the vertical axis of a plot, whose range will be another one unless a person has chosen it.
  rowHeight(name, range) {
    const figure = this.figures.get(name);
    if (!figure) return 0;
    const { start, end } = figure.y_range;
    const [low, high] = this.chosen.has(figure.y_range.name) || !range ? [start, end] : range;
    return (figure.inner_height ?? 0) / (high - low);
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
      clearTimeout(this.pending); // Bokeh has moved the ranges itself
      this.chosen.clear();
      this.tell({ kind: "look", ranges: {} });
    });
  }
}

const FORMATS = { png: "a picture of points", svg: "a picture of lines", html: "a page that needs no kernel" };

const exportButtons = (tell) => {
  const bar = document.createElement("div");
  bar.className = "jupyspike-export";
  for (const [format, what] of Object.entries(FORMATS)) {
    const button = document.createElement("button");
    button.textContent = format.toUpperCase();
    button.title = `Save as ${what}`;
    button.onclick = () => tell({ kind: "export", format });
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
  const timer = setInterval(() => (answered() ? clearInterval(timer) : send()), 3000);
  send();
};

const render = ({ model, el }) => {
  const version = model.get("bokeh_version");
  const page = Math.random().toString(36).slice(2);
  const tell = (message) => {
    if (closed) return; // it has said that it goes
    try {
      model.send({ ...message, page });
    } catch {} // the kernel has been restarted: it does not know this figure any more
  };
  const [above, place, below] = Array.from({ length: 3 }, () => document.createElement("div"));
  for (const space of [above, below]) space.style.cssText = "display: flex; flex-wrap: wrap; width: 100%";
  el.append(above, place, below, exportButtons(tell));
  let shown = null; // what is on the page: figures, and how to take them off
  let begun = false;
  let closed = false;
  let painted = false;

  const solids = new Map(); // the cells in space, which stay when other figures are shown

  const remove = async (kept = []) => {
    for (const [name, solid] of solids) {
      if (kept.includes(name)) continue;
      solid.close();
      solids.delete(name);
    }
    const before = shown;
    shown = null;
    if (!before) return;
    before.watcher.disconnect();
    if (before.views) takeOff(await before.views, bokehOf(version));
  };

  const makeSolids = () => {
    for (const { tubes, ...rest } of model.get("solids")) {
      if (solids.has(rest.name)) continue;
      const numbers = new Float32Array(tubes.buffer.slice(tubes.byteOffset, tubes.byteOffset + tubes.byteLength));
      const description = { ...rest, tubes: numbers }, space = rest.below ? below : above;
      solids.set(rest.name, new globalThis.jupyspikeSolid(globalThis.jupyspikeThree, space, description, tell));
    }
  };

  const embed = async () => {
    begun = true;
    await onPage(el, () => closed);
    await remove(model.get("solids").map(({ name }) => name));
    if (closed) return;
    makeSolids();
    const figures = model.get("figures"), drawn = Object.keys(figures).length > 0;
    const views = drawn ? bokehOf(version).embed.embed_item(figures, place) : null;
    const manager = await views;
    if (closed) return drawn && takeOff(manager, bokehOf(version));
    const bokehDocument = drawn ? [...manager][0].model.document : null;
    const models = drawn ? [...bokehDocument._all_models.values()] : [];
    const colours = () => drawn && takeThemeColours(bokehDocument, el, model.get("on_dark"));
    const watcher = new MutationObserver(colours);
    watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "class"] });
    colours();
    shown = { figures: new Figures(models, manager, solids, model.get("maps"), tell), views, watcher };
    painted = false;
    place.style.visibility = "hidden"; // empty axes and shapes without colours mean nothing
    insist(() => tell({ kind: "ready" }), () => painted || closed);
  };

  let last = Promise.resolve();
  const renew = () => (last = last.then(embed)); // one after the other

  const begin = () => {
    const libraries = lacking(model);
    if (!libraries.length) renew();
    else insist(() => tell({ kind: "library", libraries }), () => begun || closed);
  };

  const receive = async (message, buffers) => {
    const came = performance.now();
    if (message.kind === "library") {
      for (const [k, library] of message.libraries.entries()) {
        if (lacking(model).includes(library)) await load(buffers[k]);
      }
      if (!begun) await renew();
    } else if (message.kind === "file" && message.page === page) {
      offer(message.name, buffers[0]);
    } else if (message.kind === "follow") {
      shown?.figures.follow();
    } else if (message.kind === "frame" && shown) {
      const block = await inflated(buffers[0], "deflate");
      if (closed || !shown) return;
      shown.figures.show(message, block);
      painted = true;
      place.style.visibility = "";
      const took = () => (performance.now() - came) / 1000;
      requestAnimationFrame(() => setTimeout(() => tell({ kind: "painted", number: message.number, took: took() })));
    }
  };

  const gone = () => tell({ kind: "gone" });
  addEventListener("pagehide", gone);
  model.on("msg:custom", receive);
  model.on("change:figures", renew); // with others, and the solids that came with them
  begin();

  return () => {
    gone();
    closed = true;
    model.off("msg:custom", receive);
    model.off("change:figures", renew);
    removeEventListener("pagehide", gone);
    remove();
  };
};

export default { render };
