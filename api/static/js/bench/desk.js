// One task on the screen: the sheet beside its fields, and what the agent has done with them so far.
import { h, read } from "../dom.js";
import { Sheet } from "../sheet.js";
import { Changes } from "./changes.js";
import { Field, findingLine } from "./fields.js";
import { Person } from "./person.js";

const RANK = { refus_propose: 0, a_verifier: 1, information: 2 };

export class Desk {
  /** @param kit {types, forms: {type: [{name, section, label, kind, length}]}} */
  constructor(host, kit, gestures) {
    Object.assign(this, { host, kit });
    this.viewer = h("div", { class: "viewer", tabindex: "-1", role: "region", "aria-label": "Image de la feuille" });
    this.head = h("header", { class: "panel-head" });
    this.list = h("div", { class: "scrolling" });
    this.bar = h("div", { class: "gestures", role: "toolbar", "aria-label": "Décider" },
      this.gesture("accept", "primary", "Accepter", "Ctrl Entrée", gestures),
      this.gesture("refuse", "danger", "Refuser", "Alt R", gestures),
      this.gesture("rescan", "", "Renumériser", "Alt N", gestures),
      this.gesture("quarantine", "", "Mettre de côté", "Alt Q", gestures));
    this.asked = h("div", { class: "asked" });
    this.element = h("div", { class: "desk" },
      h("section", { class: "panel", "aria-label": "Champs de la feuille" }, this.head, this.list), this.viewer, this.bar);
    host.replaceChildren(this.element);
    this.sheet = new Sheet(this.viewer);
  }

  gesture(name, style, text, keys, gestures) {
    return h("button", { type: "button", class: style || false, "data-action": name, onclick: () => gestures(name) }, text, h("kbd", {}, keys));
  }

  show(task, pages, kept = new Map()) {
    Object.assign(this, { task, pages, type: task.type });
    this.element.querySelector(".ask")?.remove();
    this.person = new Person(task, () => { this.progress(); this.changes.ask(); });
    this.changes = new Changes(this);
    this.person.ask = () => this.person.search(this.typedPerson());
    this.person.element.addEventListener("focusin", () => this.lookAtPerson());
    this.sheet.load(pages);
    this.sections = h("div");
    this.above(this.build(task.fields, kept));
    this.changes.show(task.proposal);
    this.first();
  }

  /** What the form's fields are, when nothing was read: the type that the agent names decides. */
  choose(type) {
    const kept = new Map(this.drafts());
    this.type = type;
    const blank = Object.fromEntries((this.kit.forms[type] ?? []).map((each) => [each.name, { ...each, value: null, status: "empty", probability: null, mark: "doute" }]));
    this.build({ ...blank, ...this.task.fields }, kept);
    this.changes.ask();
  }

  build(facts, kept) {
    const named = this.task.findings.filter((f) => f.field && facts[f.field]);
    // a refusal is proposed above everything, and told again beside what it is about
    const general = this.task.findings.filter((f) => f.severity === "refus_propose" || !named.includes(f)).sort((a, b) => RANK[a.severity] - RANK[b.severity]);
    const host = {
      pages: this.pages,
      width: () => Math.max(240, this.list.clientWidth - 70),
      onFocus: (field) => this.focusOn(field),
      onVerified: () => this.progress(),
      onChange: () => { this.progress(); this.changes.ask(); },
      keyOf: (name) => this.byName?.get(`${name}_cle`)?.value,
    };
    this.fields = Object.entries(facts).map(([name, each]) => new Field({ name, ...each }, { ...host, findings: named.filter((f) => f.field === name) }));
    this.byName = new Map(this.fields.map((field) => [field.facts.name, field]));
    // where nothing could be read every field is a stop, and none must be passed to accept
    this.whole = this.task.keyed_whole;
    for (const field of this.fields) if (this.whole) field.keyed();
    this.list.classList.toggle("keying", this.whole);
    if (this.whole) this.sheet.fitWidth(); // nothing says where a field is: the whole width, legible
    for (const [name, value] of kept) this.byName.get(name)?.set(value);

    const sections = new Map();
    for (const field of this.fields) {
      const title = field.facts.section ?? "Champs";
      if (!sections.has(title)) sections.set(title, []);
      sections.get(title).push(field.element);
    }
    this.sections.replaceChildren(
      ...[...sections].map(([title, elements], n) => h("section", { "aria-labelledby": `s-${n}` }, h("h2", { id: `s-${n}` }, title), elements)),
      this.blankToggle() ?? "");
    this.heading();
    this.markAll(null);
    return general;
  }

  /** What stands above the fields: faults of the picture, findings of the whole sheet, its type where unknown, its person. */
  above(general) {
    this.list.replaceChildren(
      ...this.task.image_faults.map((fault) => h("p", { class: "note" }, fault)),
      ...(general.length ? [h("section", { "aria-labelledby": "t-said" }, h("h2", { id: "t-said" }, "Constats"), h("ul", { class: "findings" }, general.map(findingLine)))] : []),
      this.typeChoice() ?? "",
      this.person.element,
      this.sections,
      this.changes.element);
    this.list.scrollTop = 0;
  }

  /** Fields that are blank on the paper stay out of the way, until the agent says otherwise. */
  blankToggle() {
    const blank = this.fields.filter((field) => field.facts.mark === "vide").length;
    if (!blank) return null;
    this.list.classList.add("only-filled");
    return h("button", { type: "button", class: "plain", "aria-expanded": "false", onclick: (event) => this.toggleBlank(event.currentTarget) },
      `Montrer les ${blank} champs vides`, h("kbd", {}, "F6"));
  }

  toggleBlank(button = this.list.querySelector("[aria-expanded]")) {
    if (!button) return;
    const hidden = this.list.classList.toggle("only-filled");
    button.setAttribute("aria-expanded", String(!hidden));
    button.firstChild.textContent = hidden ? "Montrer les champs vides" : "Cacher les champs vides";
  }

  typeChoice() {
    if (Object.keys(this.task.fields).length && this.task.type !== "inconnu") return null;
    const select = h("select", { id: "type", onchange: (event) => this.choose(event.target.value) },
      Object.entries(this.kit.types).map(([value, label]) => h("option", { value, selected: value === this.type }, label)));
    return h("section", {}, h("div", { class: "field has-finding" }, h("label", { for: "type" }, "Type du document"),
      h("p", { class: "small quiet" }, "Rien n'a pu être lu : dites ce que c'est, puis saisissez la feuille dans l'ordre du formulaire."), select));
  }

  heading() {
    this.steps = h("div", { class: "progress", "aria-hidden": "true" });
    this.left = h("span", { class: "small quiet" });
    this.head.replaceChildren(
      h("div", { class: "line" }, h("h1", { tabindex: "-1" }, this.kit.types[this.type] ?? "Document"),
        h("span", { class: "id quiet" }, this.task.document.slice(0, 8)), h("span", { class: "small quiet" }, this.task.received_shown ?? ""), this.left),
      this.steps);
    this.progress();
  }

  get stops() {
    return this.whole ? this.fields : this.fields.filter((field) => field.doubtful);
  }

  progress() {
    if (!this.steps) return;
    const stops = this.whole ? [] : this.fields.filter((field) => field.doubtful);
    const open = stops.filter((field) => !field.verified).length + (this.person.verified ? 0 : 1);
    this.left.textContent = open ? `${open} à vérifier` : "tout est vérifié";
    const all = [...(this.person.sure ? [] : [this.person]), ...stops];
    this.steps.replaceChildren(...all.map((each) => h("span", { class: each.verified ? "done" : each === this.current ? "here" : false })));
  }

  focusOn(field) {
    this.current = field;
    this.sheet.follow(field.facts.page ?? 0, field.facts.box);
    this.markAll(field);
    this.progress();
  }

  typedPerson() {
    const typed = (name) => this.byName.get(name)?.input.value ?? "";
    return { nir: typed("beneficiaire_nir"), names: typed("beneficiaire_nom_prenom"), birth: "" };
  }

  /** The part of the sheet that tells who it is about. */
  lookAtPerson() {
    const boxes = this.fields.filter((field) => field.facts.name.startsWith("beneficiaire_") && field.facts.box?.[2] > 0).map((field) => field.facts.box);
    this.current = this.person;
    this.progress();
    if (!boxes.length) return;
    const [left, top] = [0, 1].map((axis) => Math.min(...boxes.map((box) => box[axis])));
    const [right, bottom] = [0, 1].map((axis) => Math.max(...boxes.map((box) => box[axis] + box[axis + 2])));
    this.sheet.follow(0, [left, top, right - left, bottom - top]);
    this.markAll(null);
  }

  markAll(current) {
    this.sheet.mark(this.fields.filter((field) => field.facts.box && (field === current || field.doubtful))
      .map((field) => ({ page: field.facts.page ?? 0, box: field.facts.box, kind: field === current ? "current" : field.verified ? "" : "doubtful" })));
  }

  first() {
    const choice = this.list.querySelector("#type");
    if (choice && !this.fields.length) return choice.focus();
    if (!this.person.verified && this.person.candidates.length) return this.person.focus();
    const target = this.stops[0] ?? this.fields.find((field) => field.host.findings.length);
    if (target) target.focus();
    else this.bar.querySelector("[data-action=accept]").focus();
  }

  /** Confirms where one is, and goes to the next thing to verify. */
  next(from = document.activeElement) {
    if (from.id === "type") return this.go(this.stops[0]);
    if (this.person.holds(from)) {
      if (!this.person.verify()) return this.person.ask();
      return this.go(this.stops[0]);
    }
    const field = this.at(from);
    if (field && !field.verify()) return field.focus();
    const order = field ? this.fields.indexOf(field) : -1;
    this.go(this.stops.find((each) => this.fields.indexOf(each) > order && (this.whole || !each.verified)) ?? (this.whole ? null : this.stops.find((each) => !each.verified)));
  }

  previous(from = document.activeElement) {
    const field = this.at(from);
    const order = field ? this.fields.indexOf(field) : this.fields.length;
    const before = this.stops.filter((each) => this.fields.indexOf(each) < order).at(-1);
    if (before) before.focus();
    else this.person.focus();
  }

  go(field) {
    if (field) return field.focus();
    if (!this.person.verified && this.person.candidates.length) return this.person.focus();
    this.bar.querySelector("[data-action=accept]").focus();
  }

  step(by, from = document.activeElement) {
    const field = this.at(from);
    if (!field) return false;
    const seen = this.fields.filter((each) => each.element.offsetParent !== null);
    const to = seen[seen.indexOf(field) + by];
    to?.focus();
    return Boolean(to);
  }

  at(element) {
    return this.fields.find((field) => field.element.contains(element));
  }

  /** name -> value of all that was typed. */
  drafts() {
    return this.fields.filter((field) => field.changed).map((field) => [field.facts.name, field.value]);
  }

  /** The first thing that keeps the agent from accepting, focused and said; null when nothing does. */
  obstacle() {
    const wrong = this.fields.find((field) => !field.check());
    if (wrong) { wrong.focus(); return "Un champ n'a pas la forme attendue."; }
    const unseen = this.whole ? null : this.fields.find((field) => field.doubtful && !field.verified);
    if (!this.person.verified && this.person.candidates.length) { this.person.focus(); return "Confirmez l'assuré, puis acceptez."; }
    if (this.kit.forms[this.type] && this.type !== this.kit.making && !this.person.chosen) { this.person.ask(); return "Désignez l'assuré, puis acceptez."; }
    if (unseen) {
      const left = this.fields.filter((field) => field.doubtful && !field.verified).length;
      unseen.focus();
      return left === 1 ? "Il reste un champ à vérifier." : `Il reste ${left} champs à vérifier.`;
    }
    return null;
  }

  decision(action, reason) {
    const body = { version: this.task.version, action, fields: Object.fromEntries(this.drafts()) };
    if (reason) body.reason = reason;
    if (this.type !== this.task.type) body.type = this.type;
    if (this.person.chosen) body.insured_id = this.person.chosen;
    return body;
  }

  get dirty() {
    return this.drafts().length > 0;
  }

  keptValues() {
    return h("dl", { class: "facts" }, this.drafts().flatMap(([name]) => {
      const field = this.byName.get(name);
      return [h("dt", {}, field.facts.label), h("dd", { class: "figures" }, field.tick ? (field.input.checked ? "coché" : "non coché") : read(field.input.value || "vide"))];
    }));
  }
}
