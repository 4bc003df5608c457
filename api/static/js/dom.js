// Elements from plain text alone: nothing here parses markup, so what a sheet says stays text.

/** h("p", {class: "quiet", onclick: f}, "text", child) */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((each) => each != null && each !== false));
  return element;
}

/** Text read on paper: isolated, so that its direction marks cannot reorder what stands around it. */
export const read = (text) => h("bdi", { class: "read" }, String(text ?? "—"));

export const byId = (id) => document.getElementById(id);

const PLURALS = { one: "", other: "s" };
const rules = new Intl.PluralRules("fr");
/** count(3, "document") -> "3 documents" */
export const count = (n, noun) =>
  `${n} ${noun.split(" ").map((word) => word + PLURALS[rules.select(n)]).join(" ")}`;

export function say(text) {
  const region = byId("said");
  if (region) region.textContent = text;
}

export function toast(text) {
  document.querySelector(".toast")?.remove();
  const shown = h("div", { class: "toast", "aria-hidden": "true" }, text);
  document.body.append(shown);
  setTimeout(() => shown.remove(), 2600);
  say(text);
}
