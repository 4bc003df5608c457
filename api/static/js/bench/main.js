// The workbench: takes a task and the one after, shows it, sends the decision, never loses what was typed.
import { byId, count, h, toast, say } from "../dom.js";
import { call, pageImage } from "../api.js";
import { askReason } from "./ask.js";
import { Desk } from "./desk.js";
import { listen } from "./keys.js";

const host = byId("bench");
const kit = { types: JSON.parse(host.dataset.types), forms: JSON.parse(host.dataset.forms), changing: JSON.parse(host.dataset.changing), making: host.dataset.making };
const EVERY = 5000;
const DONE = { accept: "Accepté.", refuse: "Refusé.", rescan: "Remis en numérisation.", quarantine: "Mis de côté." };

let desk = null, current = null, following = null, sending = false, done = 0, waiting = null, touched = Date.now();

async function take(document) {
  const task = await call("POST", "/tasks/next", document ? { document } : {});
  if (!task) return null;
  const pages = await Promise.all(Array.from({ length: task.page_count }, (_, n) => pageImage(task.document, n).catch(() => null)));
  return { task, pages: pages.every(Boolean) ? pages : [] };
}

async function prefetch() {
  following = null;
  try { following = await take(); } catch { following = null; } // asked again when it is needed
}

async function open(document) {
  clearTimeout(waiting);
  try {
    const ready = (!document && following) || await take(document);
    following = null;
    if (!ready) return rest(document);
    show(ready);
    prefetch();
  } catch (problem) {
    idle(problem.message, problem.next_step);
    waiting = setTimeout(open, EVERY, document); // the one that was asked for, not another in its place
  }
}

function show({ task, pages }, kept) {
  current = task;
  desk ??= new Desk(host, kit, decide);
  if (!host.contains(desk.element)) host.replaceChildren(desk.element);
  desk.show(task, pages, kept);
  say(`${kit.types[task.type] ?? "Document"}, ${count(desk.stops.length, "champ")} à vérifier.`);
  tick();
}

function rest(document) {
  if (document) idle("Ce document n'attend personne, ou un autre agent le tient.", "Le suivant arrive.", true);
  else idle("Rien à valider.", "Le prochain document s'affichera ici de lui-même.");
  waiting = setTimeout(open, EVERY);
}

function idle(title, text) {
  current = null;
  byId("lease").textContent = "";
  host.replaceChildren(h("div", { class: "desk-empty" }, h("h1", {}, title), h("p", { class: "quiet" }, text ?? ""), h("p", {}, h("a", { class: "button", href: "/" }, "Tableau de bord"))));
}

async function decide(action) {
  if (!current || sending || desk.element.querySelector(".ask")) return;
  let reason = null;
  if (action === "accept") {
    const obstacle = desk.obstacle();
    if (obstacle) return toast(obstacle);
  } else {
    const back = document.activeElement;
    reason = await askReason(desk.element, action, current.findings);
    if (reason === null) return back?.focus();
  }
  sending = true;
  const task = current;
  try {
    await call("POST", `/tasks/${task.id}/decision`, desk.decision(action, reason));
    done += 1;
    byId("done").hidden = false;
    byId("done").textContent = done === 1 ? "1 document traité" : `${done} documents traités`;
    toast(DONE[action]);
    sending = false;
    await open();
  } catch (problem) {
    sending = false;
    if (problem.status === 409) conflict(problem);
    else refused(problem);
  }
}

function refused(problem) {
  const field = problem.field && desk.byName.get(problem.field);
  // a person is told the label that he sees, not the name that the interface gives the field
  const worded = (text) => field ? text.replace(`Champ ${problem.field} : `, `« ${field.facts.label} » : `) : text;
  if (field) field.refuse(worded(problem.detail ?? problem.title));
  else if (problem.code === "assure_a_designer") desk.person.focus();
  toast(worded(`${problem.message} ${problem.next_step ?? ""}`));
}

/** Someone or something moved the document: what was typed stays on screen, and can be taken along. */
function conflict(problem) {
  const kept = new Map(desk.drafts()), id = current.document;
  const again = async () => {
    try {
      const ready = await take(id);
      if (!ready) return gone();
      panel.remove();
      show(ready, kept);
    } catch (error) { gone(error.message); }
  };
  const gone = (text) => { said.textContent = text ?? "Ce document n'attend plus personne : il n'y a rien à reprendre."; };
  const said = h("p", { class: "small", role: "status" });
  const panel = h("section", { class: "ask", "aria-labelledby": "t-conflict", onkeydown: (event) => event.stopPropagation() },
    h("h2", { id: "t-conflict" }, problem.title), h("p", {}, kept.size ? "Rien de ce que vous avez écrit n'est perdu :" : "Vous n'aviez rien changé."),
    kept.size ? desk.keptValues() : "", said,
    h("div", { class: "row" },
      h("button", { class: "primary", type: "button", onclick: again }, "Reprendre ce document à jour"),
      h("button", { type: "button", onclick: () => { panel.remove(); current = null; open(); } }, "Passer au suivant")));
  desk.element.querySelector(".ask")?.remove();
  desk.element.append(panel);
  panel.querySelector("button").focus();
  say(problem.title);
}

// the reservation: kept alive while someone is at work, told only when it is about to end
async function tick() {
  const place = byId("lease");
  if (!current) { place.textContent = ""; return; }
  const left = Math.round((new Date(current.lease_until) - Date.now()) / 1000);
  place.classList.toggle("soon", left < 30);
  place.textContent = left > 120 ? "réservé pour vous" : left > 0 ? `réservé encore ${left} s` : "réservation expirée";
  const busy = Date.now() - touched < 10 * 60 * 1000;
  if (busy && left < 40 && left > -3600 && !renewing) renew();
}

let renewing = false;
async function renew() {
  renewing = true;
  for (const each of [current, following?.task].filter(Boolean)) {
    try {
      const { lease_until } = await call("PUT", `/tasks/${each.id}/lease`);
      each.lease_until = lease_until;
    } catch (problem) {
      if (problem.status === 409 && each === following?.task) following = null;
    }
  }
  setTimeout(() => { renewing = false; }, 4000);
}

setInterval(tick, 1000);
async function howMany() {
  try {
    const { queues } = await call("GET", "/tableau?limit=1");
    const n = queues.find((queue) => queue.kind === "validation")?.count ?? 0;
    byId("waiting").textContent = n ? `${n} en attente` : "file vide";
  } catch { /* told by the next gesture */ }
}
setInterval(howMany, EVERY);
howMany();

for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
addEventListener("beforeunload", (event) => { if (desk?.dirty && current) event.preventDefault(); });
addEventListener("pagehide", () => {
  for (const task of [current, following?.task]) if (task) call("DELETE", `/tasks/${task.id}/lease`, undefined, { keepalive: true }).catch(() => {});
});
byId("help").addEventListener("click", () => byId("keys").showModal());
byId("keys").querySelector("[data-close]").addEventListener("click", () => byId("keys").close());

listen({ desk: () => (current ? desk : null), decide, help: () => byId("keys").showModal() });
open(host.dataset.document || null);
