// What a justificatif would change in the dossier, told while it is keyed and before it is accepted.
import { call } from "../api.js";
import { h, read } from "../dom.js";

const PAUSE = 400;

export class Changes {
  constructor(desk) {
    this.desk = desk;
    this.list = h("div", { class: "findings", role: "status", "aria-live": "polite" }); // shown though no field of it is filled
    this.element = h("section", { class: "changes", hidden: true, "aria-labelledby": "t-changes" },
      h("h2", { id: "t-changes" }, "Ce que cela changera"), this.list);
  }

  /** Asked again once the agent pauses; what came too late is dropped. */
  ask() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.fetch(), PAUSE);
  }

  async fetch() {
    const { task, type, person, kit } = this.desk, turn = (this.turn = (this.turn ?? 0) + 1);
    if (!kit.changing.includes(type)) return this.show(null);
    const body = { type, fields: Object.fromEntries(this.desk.drafts()) };
    if (person.chosen) body.insured_id = person.chosen;
    let told = null;
    try {
      told = (await call("POST", `/tasks/${task.id}/proposition`, body)).proposal;
    } catch { /* a value still being typed, or no person yet: nothing to foresee */ }
    if (turn === this.turn && this.desk.changes === this) this.show(told);
  }

  show(proposal) {
    this.element.hidden = !proposal;
    if (!proposal) return;
    const { changes, reasons, notes, affected } = proposal;
    this.list.replaceChildren(
      ...reasons.map((reason) => h("p", { class: "note bad" }, read(reason.message))),
      ...changes.map((change) => h("dl", { class: "facts" },
        ...(change.person ? [h("dt", {}, "Pour"), h("dd", {}, read(change.person))] : []),
        h("dt", {}, change.label), h("dd", {}, read(change.new)),
        h("dt", {}, "Avant"), h("dd", {}, read(change.old ?? "rien")),
        h("dt", {}, "À partir du"), h("dd", {}, `${change.effect_shown} (${change.article})`),
        h("dt", {}, "Effet"), h("dd", {}, change.sentence))),
      ...notes.map((note) => h("p", { class: "note" }, read(note))),
      ...(affected.length ? [h("div", { class: "note" }, h("p", {}, "Décisions déjà prises, qui seront à corriger :"),
        h("ul", { class: "todo" }, ...affected.map((each) => h("li", {},
          h("a", { href: `/documents/${each.document}`, target: "_blank", rel: "noopener" }, `soins du ${each.care_day_shown}`),
          ` : ${each.message}`))))] : []),
      ...(changes.length || reasons.length ? [] : [h("p", { class: "quiet" }, "Rien : le dossier le dit déjà. Le document sera classé.")]));
  }
}
