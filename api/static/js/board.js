// The dashboard, kept fresh: one small question a second while someone looks.
import { byId, h } from "./dom.js";
import { call } from "./api.js";

const table = byId("documents"), body = table.tBodies[0];
const wanted = table.dataset.states;
const older = new URLSearchParams(location.search).has("apres");

function row(d, fresh) {
  return h("tr", { "data-id": d.id, "data-status": d.status, class: fresh ? "new" : false },
    h("td", {}, h("a", { href: `/documents/${d.id}` }, h("span", { class: "id" }, d.id.slice(0, 8)))),
    h("td", { class: "kind" }, d.type_label), h("td", {}, d.source_label), h("td", { class: "nowrap" }, d.received),
    h("td", {}, h("span", { class: `pill ${d.tone}` }, d.status_label)), h("td", {}, d.where));
}

function update(board) {
  byId("total").textContent = board.total;
  for (const link of document.querySelectorAll(".way a")) {
    const n = link.dataset.states.split(",").reduce((sum, state) => sum + (board.counts[state] ?? 0), 0);
    const shown = link.querySelector(".n");
    shown.textContent = n;
    shown.classList.toggle("zero", n === 0);
  }
  for (const queue of board.queues) document.querySelector(`[data-queue="${queue.kind}"]`).textContent = queue.count;
  if (!older) rows(board.documents);
  lots(board.lots);
}

function rows(documents) {
  const known = new Map([...body.rows].map((each) => [each.dataset.id, each]));
  const focused = document.activeElement?.closest?.("tr")?.dataset.id;
  body.replaceChildren(...documents.map((d) => {
    const old = known.get(d.id);
    return old && old.dataset.status === d.status && old.cells[5].textContent === d.where && old.cells[1].textContent === d.type_label ? old : row(d, known.size > 0);
  }));
  byId("none").hidden = documents.length > 0;
  if (focused) body.querySelector(`tr[data-id="${focused}"] a`)?.focus({ preventScroll: true });
}

const SVG = "http://www.w3.org/2000/svg";
const KINDS = ["documents", "separators", "blanks", "rejected", "duplicates"];
const STATES = { ouvert: "ouvert", clos: "clos", equilibre: "équilibré", desequilibre: "déséquilibré" };

function lots(all) {
  const told = JSON.stringify(all);
  const place = byId("lots");
  if (place.dataset.told === told) return;
  place.dataset.told = told;
  if (!all.length) return;
  place.replaceChildren(...all.map((lot) => {
    const gauge = document.createElementNS(SVG, "svg");
    gauge.setAttribute("class", "gauge");
    gauge.setAttribute("viewBox", `0 0 ${Math.max(1, lot.declared_images)} 1`);
    gauge.setAttribute("preserveAspectRatio", "none");
    gauge.setAttribute("aria-hidden", "true");
    let x = 0;
    for (const kind of KINDS) {
      const bar = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ class: kind, x, y: 0, width: lot.balance[kind], height: 1 })) bar.setAttribute(name, value);
      gauge.append(bar);
      x += lot.balance[kind];
    }
    return h("div", { class: "lot" },
      h("div", { class: "line" }, h("a", { href: `/lots/${lot.id}` }, h("span", { class: "id" }, lot.id.slice(0, 8))), h("span", { class: "quiet small" }, lot.opened), h("span", { class: "small" }, STATES[lot.status] ?? lot.status)),
      gauge, h("div", { class: "small quiet" }, `${lot.received} reçues sur ${lot.declared_images} : ${lot.balance_sentence}`));
  }));
}

async function loop() {
  if (!document.hidden) {
    try {
      update(await call("GET", `/tableau?limit=50${wanted ? `&status=${wanted.split(",").join("&status=")}` : ""}`));
      byId("fresh").textContent = "à jour";
    } catch {
      byId("fresh").textContent = "le service ne répond pas ; nouvel essai…";
    }
  }
  setTimeout(loop, 1000);
}
loop();
