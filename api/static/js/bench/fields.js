// One field of the sheet: its label, its crop, what was read, what else it may be, what a person types.
import { h, read } from "../dom.js";
import { crop } from "../sheet.js";
import { certainty, inPercent, nirKey, parsed, shown } from "./values.js";

export const SEVERITIES = { refus_propose: "Refus proposé", a_verifier: "À vérifier", information: "Information" };

export function findingLine(finding) {
  return h("li", { class: `finding ${finding.severity}` },
    h("span", { class: "kind" }, SEVERITIES[finding.severity] ?? finding.severity),
    h("div", {}, read(finding.message)),
    finding.article && h("div", { class: "article" }, read(finding.article)));
}

export class Field {
  /** @param facts one field of a task. @param host {pages, findings, onFocus, onVerified, onChange} */
  constructor(facts, host) {
    Object.assign(this, { facts, host, verified: false, refused: "" });
    this.doubtful = facts.mark === "doute" || facts.mark === "a_verifier";
    this.tick = facts.kind === "tick" || facts.kind === "signature";
    this.initial = facts.value ?? null;
    this.build();
    this.set(this.initial);
  }

  build() {
    const { facts } = this;
    const id = `f-${facts.name}`;
    const common = {
      id, name: facts.name, autocomplete: "off", spellcheck: "false",
      "aria-describedby": `${id}-said`, tabindex: this.doubtful ? false : "-1",
      oninput: () => this.typed(), onfocus: () => this.focused(),
    };
    this.input = this.tick ? h("input", { ...common, type: "checkbox", class: "tick", ...this.pressed() })
      : facts.kind === "block" ? h("textarea", { ...common, rows: "4" })
      : h("input", { ...common, type: "text", inputmode: { digits: "numeric", date: "numeric", birth: "numeric", amount: "decimal" }[facts.kind] ?? false });
    this.meta = h("span", { class: "meta" });
    this.said = h("div", { class: "said", id: `${id}-said` });
    this.cropped = h("div", { class: "crop" });
    this.choices = h("div", { class: "choices", role: "group", "aria-label": "Autres lectures" });
    this.alternatives().forEach((value, n) => this.choices.append(
      h("button", { type: "button", tabindex: "-1", "aria-pressed": "false", onclick: () => this.choose(n) },
        h("kbd", {}, `Alt ${n + 1}`), read(shown(value, facts.kind) || "vide"))));
    const told = this.host.findings;
    this.element = h("div", { class: `field${this.doubtful ? " doubtful" : ""}${told.length ? " has-finding" : ""}${facts.mark === "vide" ? " blank" : ""}`, "data-field": facts.name },
      h("label", { for: id }, facts.label), this.meta, this.cropped,
      this.tick ? h("div", { class: "ticks" }, this.input, h("span", { "aria-hidden": "true" }, facts.kind === "signature" ? "signature présente" : "case cochée")) : this.input,
      this.choices, this.said,
      told.length ? h("ul", { class: "findings" }, told.map(findingLine)) : null);
    if (this.doubtful) this.drawCrop();
    this.sayCertainty();
  }

  /** In a sheet keyed whole, a field is neither doubted nor hidden: it is filled or passed. */
  keyed() {
    this.doubtful = false;
    this.element.classList.remove("doubtful");
    this.input.removeAttribute("tabindex");
    this.facts.mark = "sur";
    this.cropped.replaceChildren();
    this.sayCertainty();
  }

  /** A press gives the focus only once it has ticked: the field that is looked at moves, and would slip away
      from under the mouse between its press and its release. */
  pressed() {
    return { onmousedown: (event) => event.preventDefault(), onclick: () => this.input.focus() };
  }

  alternatives() {
    if (this.tick) return [];
    const seen = new Set();
    return [this.initial, ...(this.facts.alternatives ?? []).map((each) => each.value)]
      .filter((value) => value !== null && !seen.has(value) && seen.add(value)).slice(0, 9)
      .filter((_, __, all) => all.length > 1);
  }

  drawCrop() {
    const image = this.host.pages[this.facts.page ?? 0];
    if (this.cropped.firstChild || !image || !this.facts.box || !(this.facts.box[2] > 0)) return;
    this.cropped.append(crop(image, this.facts.box, this.host.width(), `Image du champ ${this.facts.label}`));
  }

  sayCertainty() {
    const p = this.facts.probability;
    this.meta.textContent = this.verified ? "vérifié"
      : !this.doubtful ? (this.facts.status === "empty" ? "vide sur le papier" : this.facts.status === "review" ? "confirmé par le dossier" : p == null ? "" : certainty(p))
      : this.facts.mark === "a_verifier" ? "à vérifier" // the finding beside it says why, however well it was read
      : p >= 0.98 ? `à confirmer · lu à ${inPercent(p)}` : `${certainty(p)} · ${inPercent(p)}`;
  }

  focused() {
    this.drawCrop();
    if (!this.tick) this.input.select?.();
    this.host.onFocus(this);
  }

  typed() {
    this.refused = "";
    this.check();
    this.element.classList.toggle("changed", this.changed);
    for (const [n, button] of [...this.choices.children].entries())
      button.setAttribute("aria-pressed", String(this.alternatives()[n] === this.value));
    this.host.onChange(this);
  }

  /** Says what is wrong, or merely odd; only what is wrong stops an acceptance. */
  check() {
    const { error } = this.result;
    let text = error ?? this.refused;
    if (!text && this.facts.kind === "nir" && this.value) {
      const key = this.host.keyOf?.(this.facts.name);
      if (key && nirKey(this.value) !== key) text = `La clé calculée est ${nirKey(this.value)}, celle du papier ${key}.`;
    }
    this.said.textContent = text;
    this.said.classList.toggle("wrong", Boolean(error || this.refused));
    if (error || this.refused) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    return !error && !this.refused;
  }

  get result() {
    if (this.tick) return { value: this.input.checked };
    return parsed(this.input.value, this.facts.kind, this.facts.length);
  }

  get value() {
    return this.result.value ?? null;
  }

  get changed() {
    if (this.tick) return this.input.checked !== (this.initial === true);
    return Boolean(this.result.error) || this.value !== this.initial;
  }

  set(value) {
    if (this.tick) this.input.checked = value === true;
    else this.input.value = shown(value, this.facts.kind);
    this.typed();
  }

  choose(n) {
    const value = this.alternatives()[n];
    if (value === undefined) return false;
    this.set(value);
    this.input.focus();
    return true;
  }

  /** The service refused this value. */
  refuse(sentence) {
    this.refused = sentence;
    this.verified = false;
    this.check();
    this.focus();
  }

  verify() {
    if (!this.check()) return false;
    this.verified = true;
    this.element.classList.add("verified");
    this.sayCertainty();
    this.host.onVerified(this);
    return true;
  }

  focus() {
    this.input.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "center", behavior: "auto" });
  }
}
