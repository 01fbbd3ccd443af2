// Plots in SVG whose points can be dragged with mouse, finger or pen, and moved with the arrow keys.

const SPACE = "http://www.w3.org/2000/svg";
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 10, 10, 36];
const TICKS = 4;

function shape(tag, attributes = {}, text = "") {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

export class Plot {
  // `x` and `y` are the lowest and highest value shown, `names` what the axes are called.
  constructor({ x, y, names, label, width = 340, height = 300 }) {
    Object.assign(this, { x, y, width, height });
    this.element = shape("svg", { viewBox: `0 0 ${width} ${height}`, class: "kt-plot", role: "group", "aria-label": label });
    this.element.append(...this.axes(names));
    const frame = { x: LEFT, y: TOP, width: width - LEFT - RIGHT, height: height - TOP - BOTTOM };
    const clip = shape("clipPath", { id: `kt-clip-${Plot.count++}` });
    clip.append(shape("rect", frame));
    // Lines and dots that are drawn anew lie below the handles, which stay.
    this.inside = shape("g", { "clip-path": `url(#${clip.id})` });
    this.handles = shape("g");
    this.element.append(clip, shape("rect", { ...frame, class: "kt-frame" }), this.inside, this.handles);
  }

  axes([across, up]) {
    const found = [];
    for (let tick = 0; tick <= TICKS; tick++) {
      const [x, y] = [this.x, this.y].map(([low, high]) => low + ((high - low) * tick) / TICKS);
      found.push(shape("text", { x: this.right(x), y: this.height - BOTTOM + 14, "text-anchor": "middle" }, +x.toFixed(2)));
      found.push(shape("text", { x: LEFT - 5, y: this.down(y) + 4, "text-anchor": "end" }, +y.toFixed(2)));
    }
    found.push(shape("text", { x: (this.width + LEFT) / 2, y: this.height - 5, "text-anchor": "middle" }, across));
    found.push(shape("text", { x: 10, y: this.height / 2, "text-anchor": "middle", transform: `rotate(-90 10 ${this.height / 2})` }, up));
    return found;
  }

  right(x) {
    return LEFT + ((x - this.x[0]) / (this.x[1] - this.x[0])) * (this.width - LEFT - RIGHT);
  }

  down(y) {
    return TOP + ((this.y[1] - y) / (this.y[1] - this.y[0])) * (this.height - TOP - BOTTOM);
  }

  clear() {
    this.inside.replaceChildren();
  }

  // Points beyond any screen would be no numbers for the browser.
  line(points, style) {
    const place = (value) => Math.max(-1e5, Math.min(1e5, value)).toFixed(1);
    const steps = points.map(([x, y]) => `${place(this.right(x))},${place(this.down(y))}`);
    this.inside.append(shape("polyline", { points: steps.join(" "), fill: "none", "stroke-width": 2, ...style }));
  }

  dot([x, y], style) {
    this.inside.append(shape("circle", { cx: this.right(x), cy: this.down(y), r: 3, ...style }));
  }

  area(points, style) {
    const steps = points.map(([x, y]) => `${this.right(x).toFixed(1)},${this.down(y).toFixed(1)}`);
    this.inside.append(shape("polygon", { points: steps.join(" "), ...style }));
  }

  // A point that the reader moves; `moved` is told where it goes.
  handle(point, label, style, moved) {
    const dot = shape("circle", { r: 6, tabindex: 0, role: "img", class: "kt-handle", ...style });
    const show = () => {
      dot.setAttribute("cx", this.right(point[0]));
      dot.setAttribute("cy", this.down(point[1]));
      dot.setAttribute("aria-label", `${label}: ${point.map((value) => value.toFixed(2)).join(", ")}`);
    };
    const move = (x, y) => {
      point[0] = Math.min(Math.max(x, this.x[0]), this.x[1]);
      point[1] = Math.min(Math.max(y, this.y[0]), this.y[1]);
      show();
      moved();
    };
    dot.addEventListener("pointerdown", (event) => dot.setPointerCapture(event.pointerId));
    dot.addEventListener("pointermove", (event) => {
      if (!dot.hasPointerCapture(event.pointerId)) return;
      const { left, top, width, height } = this.element.getBoundingClientRect();
      const across = (((event.clientX - left) / width) * this.width - LEFT) / (this.width - LEFT - RIGHT);
      const down = (((event.clientY - top) / height) * this.height - TOP) / (this.height - TOP - BOTTOM);
      move(this.x[0] + across * (this.x[1] - this.x[0]), this.y[1] - down * (this.y[1] - this.y[0]));
    });
    dot.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!steps) return;
      event.preventDefault();
      const step = (range) => (range[1] - range[0]) / 50;
      move(point[0] + steps[0] * step(this.x), point[1] + steps[1] * step(this.y));
    });
    show();
    this.handles.append(dot);
    return show;
  }
}
Plot.count = 0;

export const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"];
// Lines are told apart without colours, too.
export const DASHES = ["none", "6 3", "2 3", "8 3 2 3", "12 4"];
