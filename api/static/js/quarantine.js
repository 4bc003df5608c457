// Sending a stuck document on its way again, with a reason; the page then shows what is left.
import { call } from "./api.js";

for (const form of document.querySelectorAll("form.move")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const card = form.closest("[data-document]"), said = form.querySelector("[role=status]");
  said.textContent = "";
  try {
    await call("POST", `/documents/${card.dataset.document}/reprise`, { from: card.dataset.status, to: event.submitter.value, reason: form.reason.value.trim() });
    location.reload();
  } catch (problem) {
    said.textContent = `${problem.message} ${problem.next_step ?? ""}`;
  }
});
