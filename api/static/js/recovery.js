// A decision corrected, once what it does was seen; and what happens to an indu, noted.
import { call } from "./api.js";

const euros = (text) => `${text.replace(".", ",").replace("-", "−")} €`;

function changed(form) {
  const found = {};
  for (const input of form.querySelectorAll("[data-field]")) {
    if (input.type === "checkbox") {
      if (input.checked !== input.defaultChecked) found[input.dataset.field] = input.checked;
    } else if (input.value !== input.defaultValue) found[input.dataset.field] = input.value.trim() || null;
  }
  return found;
}

function show(told) {
  const list = document.querySelector("#foreseen");
  const say = (text) => {
    const item = document.createElement("li");
    item.textContent = text;
    list.append(item);
  };
  list.replaceChildren();
  document.querySelector("#difference").textContent = euros(told.difference);
  say(`Payé jusqu'ici : ${euros(told.before)} ; dû : ${euros(told.after)}.`);
  for (const line of told.lines) say(`Ligne ${line.line}, ${line.code} : ${euros(line.paid)}. ${line.trace.at(-1)?.sentence ?? ""}`);
  for (const owed of told.owed) {
    const what = owed.prescribed ? "prescrit" : owed.dropped ? "abandonné, au-dessous du seuil" : `demandé : ${euros(owed.asked)}`;
    say(`Versé de trop (${owed.payee}) : ${euros(owed.amount)}, ${what}.`);
  }
}

for (const form of document.querySelectorAll("form.correct")) {
  const button = form.querySelector("[value=correct]");
  form.addEventListener("input", () => { button.disabled = true; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[role=status]");
    said.textContent = "";
    const asked = { cause: form.cause.value, fraud: form.fraud.checked, reason: form.reason.value.trim(), fields: changed(form) };
    const where = `/documents/${form.dataset.document}/correction`;
    try {
      if (event.submitter.value === "foresee") {
        show(await call("POST", `${where}/proposition`, asked));
        button.disabled = false;
      } else {
        await call("POST", where, { ...asked, corrects: form.dataset.corrects });
        location.assign(`/documents/${form.dataset.document}#decision`);
      }
    } catch (problem) {
      said.textContent = `${problem.message} ${problem.detail ?? ""} ${problem.next_step ?? ""}`;
    }
  });
}

for (const form of document.querySelectorAll("form.note-event")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = form.querySelector("[role=status]");
  said.textContent = "";
  const asked = { what: form.what.value, on: form.on.value };
  if (form.amount.value.trim()) asked.amount = form.amount.value.trim().replace(",", ".");
  const dues = form.dues.value.split("\n").map((line) => line.trim().split(/\s+/)).filter((parts) => parts.length === 2);
  if (dues.length) asked.dues = dues.map(([on, amount]) => ({ on, amount: amount.replace(",", ".") }));
  if (form.what.value === "contrainte") {
    asked.court = form.court.value.split("\n").map((line) => line.trim()).filter(Boolean);
    asked.director = form.director.value.trim() || null;
  }
  try {
    await call("POST", `/indus/${form.dataset.indu}/events`, asked);
    location.reload();
  } catch (problem) {
    said.textContent = `${problem.message} ${problem.detail ?? ""} ${problem.next_step ?? ""}`;
  }
});
