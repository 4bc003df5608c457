// Looking for a dossier: a number, or a name and a birth date. What is typed goes in the body, never in an address.
import { h, read } from "./dom.js";
import { call } from "./api.js";
import { nirKey, parsed, shown } from "./bench/values.js";

/** The form and its results: `hit` makes the element of one dossier; arrows go through them. */
export function peopleSearch(hit) {
  const results = h("div", { class: "stack", role: "status" });
  const tell = (kind, text) => results.replaceChildren(h("p", { class: kind }, text));
  const input = (name, label, size) => h("label", { class: "grow" }, h("span", { class: "small quiet" }, label), h("br"), h("input", { name, size, autocomplete: "off", class: "figures" }));
  const find = async (event) => {
    event.preventDefault();
    const typed = new FormData(event.target);
    const nir = String(typed.get("nir")).replace(/\s/g, "").toUpperCase() || null;
    const names = String(typed.get("names")).trim() || null;
    const birth = parsed(String(typed.get("birth")), "date");
    if (nir) {
      const number = parsed(nir.slice(0, 13), "nir");
      if (number.error || ![13, 15].includes(nir.length)) return tell("note bad", `Un numéro a treize caractères, quinze avec sa clé : ${nir.length} ${nir.length > 1 ? "sont écrits" : "est écrit"}.`);
      if (nir.length === 15 && nir.slice(13) !== nirKey(number.value)) return tell("note bad", "La clé n'est pas celle de ce numéro : relisez-le, ou cherchez sans la clé.");
    }
    if (birth.error) return tell("note bad", birth.error);
    if (!nir && !names && !birth.value) return tell("quiet", "Écrivez un numéro, un nom ou une date de naissance.");
    try {
      const { dossiers } = await call("POST", "/dossiers/search", { nir, names, birth_date: birth.value });
      if (!dossiers.length) return tell("quiet", "Aucun dossier ne répond à cette recherche.");
      results.replaceChildren(...dossiers.map(hit));
      results.firstElementChild.focus();
    } catch (problem) {
      tell("note bad", `${problem.message} ${problem.next_step ?? ""}`);
    }
  };
  results.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...results.children];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
  });
  const form = h("form", { class: "row", onsubmit: find }, input("nir", "Numéro d'immatriculation", 20), input("names", "Nom et prénom", 22), input("birth", "Né(e) le, JJMMAAAA", 10), h("button", { class: "primary", type: "submit" }, "Chercher"));
  return { form, results };
}

/** What tells one dossier from another. */
export const told = (each) => [h("strong", {}, read(each.name)), ` né(e) le ${shown(each.birth_date, "date")} `, each.nir ? h("span", { class: "figures" }, shown(each.nir, "nir")) : h("span", { class: "quiet" }, "sans numéro")];
