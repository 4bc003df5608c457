// What only a person can move: a stuck document sent on its way again, a rejection settled, a lot closed as it stands.
import { call } from "./api.js";

function asked(form, pressed) {
  const to = pressed.value, reason = form.reason.value.trim();
  if (form.dataset.lot) return [`/lots/${form.dataset.lot}/settlement`, { reason }];
  const card = form.closest("[data-document]");
  if (form.classList.contains("rejection")) return [`/documents/${card.dataset.document}/settlement`, { reason: to || reason }];
  return [`/documents/${card.dataset.document}/reprise`, { from: card.dataset.status, to, reason }];
}

for (const form of document.querySelectorAll("form.move")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = form.querySelector("[role=status]");
  said.textContent = "";
  try {
    await call("POST", ...asked(form, event.submitter));
    location.reload();
  } catch (problem) {
    said.textContent = `${problem.message} ${problem.next_step ?? ""}`;
  }
});
