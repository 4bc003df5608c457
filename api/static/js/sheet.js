// A sheet of paper that can be read closely: it follows the current field and moves only when it must.
import { h } from "./dom.js";

const READING = 1.4; // times the width of the pane: small print is then legible at arm's length
const CLOSEST = 6;
const LINE = 62; // px, a line of text with its margins
const COMFORT = 0.12; // a field this far from the pane's edge needs no move

export class Sheet {
  constructor(host) {
    this.host = host;
    this.paper = h("div", { class: "paper" });
    this.pages = [];
    this.page = -1;
    this.marks = [];
    this.mode = "whole";
    this.tools = h("div", { class: "tools", role: "group", "aria-label": "Vue de la feuille" },
      this.button("−", "Réduire", () => this.zoom(1 / 1.25)),
      this.button("+", "Agrandir", () => this.zoom(1.25)),
      this.button("Largeur", "Ajuster à la largeur", () => this.fitWidth()),
      this.button("Entière", "Feuille entière", () => this.whole()));
    this.turner = h("span", { class: "row" });
    this.tools.prepend(this.turner);
    host.replaceChildren(this.paper, this.tools);
    this.listen();
  }

  button(text, label, act) {
    return h("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
  }

  /** @param {HTMLImageElement[]} pages decoded, in order */
  load(pages) {
    this.pages = pages;
    this.page = -1;
    this.marks = [];
    this.turner.replaceChildren(...(pages.length < 2 ? [] : pages.map((_, n) =>
      this.button(String(n + 1), `Page ${n + 1}`, () => { this.show(n); this.whole(); }))));
    this.message?.remove();
    if (pages.length) this.show(0);
    else {
      this.paper.replaceChildren();
      this.message = h("p", { class: "message" }, "L'image de ce document n'est pas lisible : il ne peut pas être montré ici.");
      this.host.append(this.message);
    }
    this.whole();
  }

  show(n) {
    const image = this.pages[n];
    if (!image || n === this.page) return;
    this.page = n;
    this.paper.style.width = `${image.naturalWidth}px`;
    this.paper.style.height = `${image.naturalHeight}px`;
    this.paper.replaceChildren(image);
    this.draw();
  }

  /** @param marks [{page, box: [x, y, w, h] in fractions, kind: "", "doubtful" or "current"}] */
  mark(marks) {
    this.marks = marks;
    this.draw();
  }

  draw() {
    for (const old of this.paper.querySelectorAll(".mark")) old.remove();
    for (const { page, box, kind } of this.marks) {
      if (page !== this.page || !box || !(box[2] > 0)) continue;
      const mark = h("div", { class: `mark ${kind}` });
      Object.assign(mark.style, { left: `${box[0] * 100}%`, top: `${box[1] * 100}%`, width: `${box[2] * 100}%`, height: `${box[3] * 100}%` });
      this.paper.append(mark);
    }
  }

  get size() {
    const image = this.pages[this.page];
    return image ? [image.naturalWidth, image.naturalHeight] : [1, 1];
  }

  get pane() {
    return [this.host.clientWidth || 1, this.host.clientHeight || 1];
  }

  whole() {
    const [w, h_] = this.size, [pw, ph] = this.pane;
    const k = Math.min((pw - 32) / w, (ph - 32) / h_);
    this.mode = "whole";
    this.place((pw - w * k) / 2, (ph - h_ * k) / 2, k);
  }

  fitWidth() {
    const [w] = this.size, [pw] = this.pane;
    this.mode = "width";
    this.place(8, 8, (pw - 16) / w);
  }

  /** Brings a field into comfortable view; stays still where it already is. */
  follow(page, box) {
    if (!this.pages.length || !box || !(box[2] > 0)) return;
    if (page !== this.page) this.show(page);
    const [w, h_] = this.size, [pw, ph] = this.pane;
    const across = pw / w;
    const k = Math.min(Math.max(READING * across, 0.2), (pw * 0.9) / (box[2] * w), (ph * 0.8) / (box[3] * h_));
    const kept = this.mode === "field" && Math.abs(Math.log(k / this.k)) < 0.35 ? this.k : k;
    const [left, top] = [box[0] * w * kept, box[1] * h_ * kept];
    const [bw, bh] = [box[2] * w * kept, box[3] * h_ * kept];
    const fits = this.mode === "field" && kept === this.k &&
      this.x + left >= pw * COMFORT / 2 && this.x + left + bw <= pw * (1 - COMFORT / 2) &&
      this.y + top >= ph * COMFORT && this.y + top + bh <= ph * (1 - COMFORT);
    this.mode = "field";
    if (fits) return;
    const held = (offset, size, pane) => size <= pane ? (pane - size) / 2 : Math.min(24, Math.max(pane - size - 24, offset));
    this.place(held(pw / 2 - left - bw / 2, w * kept, pw), held(ph * 0.42 - top - bh / 2, h_ * kept, ph), kept);
  }

  zoom(factor, cx = this.pane[0] / 2, cy = this.pane[1] / 2) {
    const [w] = this.size;
    const k = Math.min(CLOSEST, Math.max(this.pane[0] * 0.2 / w, this.k * factor));
    this.mode = "hand";
    this.place(cx - (cx - this.x) * (k / this.k), cy - (cy - this.y) * (k / this.k), k);
  }

  pan(dx, dy) {
    this.mode = "hand";
    this.place(this.x + dx, this.y + dy, this.k);
  }

  place(x, y, k) {
    Object.assign(this, { x, y, k });
    this.paper.style.transform = `translate(${x}px, ${y}px) scale(${k})`;
    this.paper.style.fontSize = `${12 / k}px`;
  }

  listen() {
    let held = null;
    this.host.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.closest(".tools")) return;
      held = [event.clientX, event.clientY];
      this.host.setPointerCapture(event.pointerId);
      this.host.classList.add("dragging");
    });
    this.host.addEventListener("pointermove", (event) => {
      if (!held) return;
      this.pan(event.clientX - held[0], event.clientY - held[1]);
      held = [event.clientX, event.clientY];
    });
    for (const end of ["pointerup", "pointercancel"]) this.host.addEventListener(end, () => {
      held = null;
      this.host.classList.remove("dragging");
    });
    this.host.addEventListener("wheel", (event) => {
      event.preventDefault();
      const at = this.host.getBoundingClientRect();
      if (event.ctrlKey) this.zoom(Math.exp(-event.deltaY / 250), event.clientX - at.left, event.clientY - at.top);
      else this.pan(-event.deltaX, -event.deltaY);
    }, { passive: false });
    this.host.addEventListener("keydown", (event) => {
      if (event.target !== this.host) return;
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
      if (step) this.pan(...step);
      else if (event.key === "+" || event.key === "=") this.zoom(1.25);
      else if (event.key === "-") this.zoom(1 / 1.25);
      else if (event.key === "0") this.whole();
      else return;
      event.preventDefault();
    });
    new ResizeObserver(() => {
      if (this.mode === "whole") this.whole();
      else if (this.mode === "width") this.fitWidth();
    }).observe(this.host);
  }
}

/** The piece of a page around a field, on a canvas at most `width` CSS pixels wide. */
export function crop(image, box, width, label) {
  const margin = 0.007;
  const [W, H] = [image.naturalWidth, image.naturalHeight];
  const x = Math.max(0, (box[0] - margin) * W), y = Math.max(0, box[1] * H - margin * W);
  let w = Math.min(W - x, (box[2] + 2 * margin) * W);
  const h_ = Math.min(H - y, box[3] * H + 2 * margin * W);
  // a line of text stays readable: what does not fit is cut at its end, the sheet beside shows it
  const k = Math.min(Math.max(width / w, LINE / h_), 150 / h_, 1.6);
  w = Math.min(w, width / k);
  const canvas = h("canvas", { role: "img", "aria-label": label });
  const dense = Math.max(1, devicePixelRatio);
  canvas.width = Math.max(1, Math.round(w * k * dense));
  canvas.height = Math.max(1, Math.round(h_ * k * dense));
  canvas.style.width = `${w * k}px`;
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(image, x, y, w, h_, 0, 0, canvas.width, canvas.height);
  return canvas;
}
