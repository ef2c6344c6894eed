// A cell in space, drawn by three.js: seen from a distance without perspective, so that lengths can be compared.
globalThis.jupyspikeSolid = (() => {
  const SIDES = 10; // of a compartment
  const RINGS = 8; // of a sphere
  const COLUMNS = 8; // numbers for each compartment: start, end, diameters
  const NONE = [128, 128, 128]; // the colour of what has no value
  const POINTER = 4; // pixels that the mouse may move within a click

  const sub = (a, b) => a.map((x, k) => x - b[k]);
  const cross = ([a, b, c], [d, e, f]) => [b * f - c * e, c * d - a * f, a * e - b * d];
  const unit = (a) => {
    const length = Math.hypot(...a) || 1;
    return a.map((x) => x / length);
  };

  // Rings of corners around an axis, each with its centre, radius and the slope of the surface there.
  const ringsOf = ([x0, y0, z0, x1, y1, z1, d0, d1]) => {
    const start = [x0, y0, z0], end = [x1, y1, z1], along = sub(end, start), length = Math.hypot(...along);
    if (length > 1e-9) {
      const slope = (d0 - d1) / 2 / length;
      return { axis: unit(along), rings: [[start, d0 / 2, slope], [end, d1 / 2, slope]] };
    }
    const rings = [];
    for (let k = 0; k <= RINGS; k++) {
      const angle = Math.PI * (k / RINGS - 0.5), height = (d0 / 2) * Math.sin(angle);
      rings.push([[x0, y0 + height, z0], (d0 / 2) * Math.cos(angle), Math.tan(angle)]);
    }
    return { axis: [0, 1, 0], rings };
  };

  // Corners, normals and triangles of all compartments; `first` is where the corners of each begin.
  const surfaceOf = (tubes) => {
    const corners = [], normals = [], triangles = [], first = [0];
    for (let k = 0; k < tubes.length; k += COLUMNS) {
      const { axis, rings } = ringsOf(tubes.subarray(k, k + COLUMNS));
      const across = unit(cross(axis, Math.abs(axis[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0])), up = cross(axis, across);
      for (const [ring, [centre, radius, slope]] of rings.entries()) {
        for (let side = 0; side < SIDES; side++) {
          const angle = (2 * Math.PI * side) / SIDES, c = Math.cos(angle), s = Math.sin(angle);
          const out = across.map((x, j) => c * x + s * up[j]);
          corners.push(...out.map((x, j) => centre[j] + radius * x));
          normals.push(...unit(out.map((x, j) => x + Math.max(-1e6, Math.min(1e6, slope)) * axis[j])));
          if (!ring) continue;
          const here = first.at(-1) + ring * SIDES, next = (side + 1) % SIDES;
          triangles.push(here + side, here + side - SIDES, here + next);
          triangles.push(here + next, here + side - SIDES, here + next - SIDES);
        }
      }
      first.push(corners.length / 3);
    }
    return { corners, normals, triangles, first };
  };

  // How far corners are from a place: up, and across from wherever one looks while turning it about the upright axis.
  const extentOf = (corners, { x, y, z }) => {
    const extent = { across: 0, up: 0 };
    for (let k = 0; k < corners.length; k += 3) {
      extent.across = Math.max(extent.across, Math.hypot(corners[k] - x, corners[k + 2] - z));
      extent.up = Math.max(extent.up, Math.abs(corners[k + 1] - y));
    }
    return extent;
  };

  // The middle lines of compartments: a line is a pixel wide at least, so that thin branches are seen.
  const axesOf = (tubes) => {
    const ends = [];
    for (let k = 0; k < tubes.length; k += COLUMNS) ends.push(...tubes.subarray(k, k + 6));
    return ends;
  };

  const fill = (array, [r, g, b], first, stop) => {
    for (let at = first; at < stop; at += 3) {
      array[at] = r;
      array[at + 1] = g;
      array[at + 2] = b;
    }
  };

  const rgb = (colour) => [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  // A number with as many digits as tell the hundredth parts of a range apart.
  const readable = (value, range) => {
    const digits = Math.max(0, 2 - Math.floor(Math.log10(range)));
    const text = digits > 9 ? value.toPrecision(3) : String(Number(value.toFixed(digits)));
    return text.replace("-", "\u2212");
  };
  const element = (parent, style, text = "") => {
    const made = document.createElement("div");
    made.style.cssText = style;
    made.textContent = text;
    parent.append(made);
    return made;
  };

  const roundLength = (most) => {
    const power = 10 ** Math.floor(Math.log10(most));
    return [5, 2, 1].map((k) => k * power).find((k) => k <= most) ?? power;
  };

  return class {
    // `description` has name, height, label, hint, palette and tubes (a Float32Array).
    constructor(three, place, description, tell) {
      Object.assign(this, { three, description, tell, shown: null });
      this.colours = description.palette.map(rgb);
      this.root = element(place, "flex: 1 1 340px; min-width: 300px; position: relative; font: 11px sans-serif");
      this.root.className = "jupyspike-solid";
      const above = element(this.root, "display: flex; justify-content: flex-end; gap: 16px; height: 16px");
      above.style.paddingRight = "80px";
      element(above, "font-style: italic; font-size: 10px; overflow: hidden; white-space: nowrap", description.hint);
      this.title = element(above, "white-space: nowrap");
      const row = element(this.root, "display: flex");
      this.stage = element(row, `flex: 1; min-width: 0; position: relative; height: ${description.height}px`);
      this.addColours(row);
      this.rule = element(this.stage, "position: absolute; left: 10px; bottom: 8px; padding-bottom: 2px; text-align: center");
      this.rule.style.borderBottom = "2px solid currentColor";
      try {
        this.draw();
      } catch (error) {
        element(this.stage, "padding: 2em", `This browser does not draw in three dimensions: ${error.message}`);
      }
    }

    addColours(row) {
      const bar = element(row, "width: 74px; margin: 14px 0 14px 6px; position: relative; display: flex; gap: 5px");
      const steps = [...this.description.palette].reverse().filter((_, k) => k % 8 === 0);
      element(bar, `width: 10px; background: linear-gradient(${steps.join(", ")})`);
      this.ends = element(bar, "display: flex; flex-direction: column; justify-content: space-between");
      this.high = element(this.ends, "");
      element(this.ends, "writing-mode: vertical-rl; transform: rotate(180deg)", this.description.label);
      this.low = element(this.ends, "");
    }

    draw() {
      const { three } = this, { corners, normals, triangles, first } = surfaceOf(this.description.tubes);
      this.first = first;
      const shape = this.geometry(corners), lines = this.geometry(axesOf(this.description.tubes));
      this.paints = [shape.attributes.color, lines.attributes.color];
      shape.setAttribute("normal", new three.BufferAttribute(new Float32Array(normals), 3));
      shape.setIndex(new three.BufferAttribute(new Uint32Array(triangles), 1));
      shape.computeBoundingSphere();
      const { center, radius } = shape.boundingSphere;
      this.extent = extentOf(corners, center);
      // Colours are shown as they are in the map: only the shade of a surface that turns away differs.
      three.ColorManagement.enabled = false;
      this.renderer = new three.WebGLRenderer({ antialias: true, alpha: true });
      this.renderer.outputColorSpace = three.LinearSRGBColorSpace;
      this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
      const canvas = this.renderer.domElement;
      canvas.style.cssText = "display: block; outline: none; cursor: grab";
      canvas.tabIndex = 0;
      canvas.title = "drag: turn it, right button: move it, wheel after a click: zoom";
      this.stage.append(canvas);
      this.scene = new three.Scene();
      this.scene.add(new three.Mesh(shape, new three.MeshLambertMaterial({ vertexColors: true })));
      this.scene.add(new three.LineSegments(lines, new three.LineBasicMaterial({ vertexColors: true })));
      this.camera = new three.OrthographicCamera(-1, 1, 1, -1, 0, 8 * radius);
      this.camera.position.set(center.x, center.y, center.z + 4 * radius);
      const light = new three.DirectionalLight("white", 1.4);
      light.position.set(0, 0, 1);
      this.camera.add(light);
      this.scene.add(new three.AmbientLight("white", 1.9), this.camera);
      this.controls = new three.OrbitControls(this.camera, canvas);
      this.controls.target.copy(center);
      // The wheel moves the page until a person has pressed a button in the picture, and when the mouse comes back to it.
      this.controls.enableZoom = false;
      canvas.addEventListener("pointerdown", () => (this.controls.enableZoom = true));
      canvas.addEventListener("pointerleave", () => (this.controls.enableZoom = false));
      this.controls.update();
      this.controls.addEventListener("change", () => this.moved());
      canvas.addEventListener("pointerdown", (event) => (this.pressed = event));
      canvas.addEventListener("click", (event) => this.clicked(event));
      this.watcher = new ResizeObserver(() => this.resize());
      this.watcher.observe(this.stage);
      this.resize();
    }

    geometry(corners) {
      const { BufferAttribute, BufferGeometry } = this.three;
      return new BufferGeometry()
        .setAttribute("position", new BufferAttribute(new Float32Array(corners), 3))
        .setAttribute("color", new BufferAttribute(new Uint8Array(corners.length).fill(128), 3, true));
    }

    resize() {
      const width = this.stage.clientWidth, height = this.stage.clientHeight;
      if (!width || !height) return;
      this.renderer.setSize(width, height);
      const scale = 1.04 * Math.max(this.extent.across / width, this.extent.up / height);
      Object.assign(this.camera, { left: -scale * width, right: scale * width, top: scale * height, bottom: -scale * height });
      this.camera.updateProjectionMatrix();
      this.render();
    }

    // Micrometres of a pixel.
    get pixel() {
      return (this.camera.right - this.camera.left) / this.camera.zoom / this.stage.clientWidth;
    }

    // Where a person looks from: the rows are the directions across, up and to the viewer.
    get view() {
      this.camera.updateMatrixWorld();
      const m = this.camera.matrixWorldInverse.elements;
      const rotation = [[m[0], m[4], m[8]], [m[1], m[5], m[9]], [m[2], m[6], m[10]]];
      const centre = [-m[12], -m[13]]; // of the picture, in those directions
      return { rotation, centre };
    }

    moved() {
      this.render();
      clearTimeout(this.pending);
      this.pending = setTimeout(() => this.tellView(), 60);
    }

    tellView() {
      const { rotation, centre: [x, y] } = this.view;
      const width = (this.pixel * this.stage.clientWidth) / 2, height = (this.pixel * this.stage.clientHeight) / 2;
      const ranges = { x: [x - width, x + width], y: [y - height, y + height] };
      this.tell({ kind: "turned", plot: this.description.name, rotation, ...ranges });
    }

    clicked(event) {
      const { clientX, clientY } = this.pressed ?? event;
      if (Math.hypot(event.clientX - clientX, event.clientY - clientY) > POINTER) return;
      this.tellView();
      const box = this.renderer.domElement.getBoundingClientRect(), { centre } = this.view;
      const x = centre[0] + (event.clientX - box.left - box.width / 2) * this.pixel;
      const y = centre[1] - (event.clientY - box.top - box.height / 2) * this.pixel;
      this.tell({ kind: "picked", plot: this.description.name, at: [x, y], pixel: [this.pixel, this.pixel] });
    }

    show(levels, [low, high], title) {
      this.title.textContent = title;
      this.low.textContent = readable(low, high - low);
      this.high.textContent = readable(high, high - low);
      this.shown = levels;
      if (!this.renderer) return;
      for (let k = 0; k < levels.length; k++) {
        const colour = levels[k] ? this.colours[levels[k] - 1] : NONE;
        fill(this.paints[0].array, colour, 3 * this.first[k], 3 * this.first[k + 1]);
        fill(this.paints[1].array, colour, 6 * k, 6 * k + 6);
      }
      for (const paint of this.paints) paint.needsUpdate = true;
      this.render();
    }

    render() {
      const length = roundLength(this.pixel * Math.min(160, this.stage.clientWidth / 3));
      this.rule.textContent = `${length} \u00b5m`;
      this.rule.style.width = `${length / this.pixel}px`;
      this.renderer.render(this.scene, this.camera);
    }

    close() {
      clearTimeout(this.pending);
      this.watcher?.disconnect();
      this.controls?.dispose();
      this.renderer?.dispose();
      this.renderer?.forceContextLoss();
      this.root.remove();
    }
  };
})();
