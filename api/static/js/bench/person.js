// Who the sheet is about: the ranked dossiers with their reasons, or another one found by searching.
import { byId, h, read } from "../dom.js";
import { peopleSearch, told } from "../people.js";
import { certainty, inPercent, shown } from "./values.js";

export class Person {
  constructor(task, onChange) {
    this.candidates = [...(task.identification?.candidates ?? [])];
    this.onChange = onChange;
    const best = this.candidates[0];
    this.sure = Boolean(task.identification?.certain);
    this.initial = best && (this.sure || best.probability >= 0.5) ? best.id : null;
    this.chosen = this.initial;
    this.verified = this.sure;
    this.element = h("section", { "aria-labelledby": "t-person" });
    this.draw();
  }

  draw() {
    const legend = this.sure ? "Assuré reconnu" : this.candidates.length ? "Quel assuré ?" : "Aucun dossier ne correspond";
    this.list = h("fieldset", {}, h("legend", { id: "t-person" }, legend), this.candidates.map((each, n) => this.line(each, n)));
    this.element.replaceChildren(h("div", { class: `person${this.sure ? "" : " unsure"}` }, this.list,
      h("button", { type: "button", class: "plain small", id: "search-person", tabindex: this.candidates.length ? "-1" : false, onclick: () => this.ask() },
        "Chercher un autre dossier ", h("kbd", {}, "F4"))));
  }

  line(each, n) {
    const id = `p-${n}`;
    return h("label", { class: "candidate", for: id },
      h("input", { type: "radio", name: "person", id, value: each.id, checked: each.id === this.chosen, tabindex: this.sure ? "-1" : false,
        onchange: () => this.choose(each.id) }),
      h("span", { class: "who" }, read(each.name), " ", each.nir && h("span", { class: "figures quiet small nowrap" }, shown(each.nir, "nir"))),
      h("span", { class: "small quiet nowrap" }, each.probability == null ? "choisi par vous" : `${certainty(each.probability)} · ${inPercent(each.probability)}`),
      h("span", { class: "why" }, `né(e) le ${shown(each.birth_date, "date")}`, each.reasons?.length ? " · " : "", each.reasons?.length ? read(each.reasons.join(" ")) : null));
  }

  /** Set by the desk: opens the search with what was typed on the sheet. */
  ask() {
    this.search();
  }

  choose(id) {
    this.chosen = id;
    this.onChange();
  }

  pick(n) {
    const each = this.candidates[n];
    if (!each) return false;
    this.choose(each.id);
    this.list.querySelectorAll("input")[n].checked = true;
    return true;
  }

  verify() {
    if (!this.chosen) return false;
    this.verified = true;
    this.onChange();
    return true;
  }

  holds(element) {
    return this.element.contains(element);
  }

  focus() {
    const at = this.element.querySelector("input:checked") ?? this.element.querySelector("input") ?? this.element.querySelector("button");
    at?.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** The dialog: a number, or a name and a birth date; arrows and Enter choose. */
  search(typed = {}) {
    const dialog = byId("people");
    const { form, results } = peopleSearch((each) => this.hit(each, dialog));
    dialog.replaceChildren(
      h("header", {}, h("h2", { id: "t-people" }, "Chercher un dossier"), h("button", { type: "button", class: "plain", onclick: () => dialog.close() }, "Fermer ", h("kbd", {}, "Échap"))),
      h("div", { class: "body" }, form, results));
    dialog.showModal();
    for (const [name, value] of Object.entries(typed)) if (value) form.elements[name].value = value;
    form.elements.nir.focus();
    if (typed.nir || typed.names) form.requestSubmit();
  }

  hit(each, dialog) {
    return h("button", { type: "button", onclick: () => {
      if (!this.candidates.some((known) => known.id === each.id)) this.candidates.unshift({ ...each, probability: null });
      this.choose(each.id);
      this.verified = true;
      this.draw();
      dialog.close();
      this.onChange();
      this.focus();
    } }, told(each));
  }
}
