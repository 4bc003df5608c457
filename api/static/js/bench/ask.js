// A reason, asked in place: presets by number key, or one's own words.
import { h, read } from "../dom.js";

const PRESETS = {
  rescan: ["La feuille est coupée.", "L'image est floue.", "La feuille est pliée ou froissée.", "Il manque un côté de la feuille.", "La feuille est à l'envers du lot."],
  quarantine: ["À examiner avec le responsable.", "Soupçon de fraude.", "Document d'un autre service.", "Écriture que je ne sais pas lire."],
};
const WORDS = {
  refuse: ["Refuser cette feuille : quel motif ?", "Refuser", "Le motif est scellé avec la feuille et repris dans la lettre à l'assuré."],
  rescan: ["Remettre en numérisation : pourquoi ?", "Demander une nouvelle numérisation", "L'image reste gardée comme rejetée, avec ce motif."],
  quarantine: ["Mettre de côté : pourquoi ?", "Mettre de côté", "Le document attend à l'écran de quarantaine."],
};

/** Resolves to the reason, or to null when the agent goes back. */
export function askReason(host, action, findings) {
  const [title, verb, after] = WORDS[action];
  const presets = action === "refuse"
    ? findings.filter((f) => f.severity !== "information").sort((a, b) => (b.severity === "refus_propose") - (a.severity === "refus_propose")).map((f) => f.article ? `${f.message} (${f.article})` : f.message)
    : PRESETS[action];
  return new Promise((resolve) => {
    const text = h("textarea", { id: "reason", maxlength: "500", "aria-describedby": "reason-said" });
    const said = h("p", { class: "small quiet", id: "reason-said" }, after);
    const end = (reason) => { panel.remove(); resolve(reason); };
    const confirm = () => {
      const reason = text.value.trim();
      if (reason) return end(reason);
      said.className = "small said wrong";
      said.textContent = "Un motif est nécessaire.";
      text.focus();
    };
    const take = (preset) => { text.value = preset; text.focus(); };
    const buttons = presets.slice(0, 9).map((preset, n) => h("button", { type: "button", onclick: () => take(preset) }, h("kbd", {}, String(n + 1)), h("span", {}, read(preset))));
    const panel = h("form", { class: "ask", role: "group", "aria-labelledby": "t-ask",
      onsubmit: (event) => { event.preventDefault(); confirm(); },
      onkeydown: (event) => {
        event.stopPropagation();
        if (event.key === "Escape") end(null);
        else if (event.key === "Enter" && (event.ctrlKey || event.target === text) && !event.shiftKey) confirm();
        else if (event.target !== text && /^[1-9]$/.test(event.key) && presets[event.key - 1]) take(presets[event.key - 1]);
        else return;
        event.preventDefault();
      } },
      h("h2", { id: "t-ask" }, title),
      h("div", { class: "presets" }, buttons),
      h("label", { for: "reason", class: "small" }, "Motif"), text, said,
      h("div", { class: "row" },
        h("button", { class: action === "refuse" ? "danger" : "primary", type: "submit" }, verb, h("kbd", {}, "Entrée")),
        h("button", { class: "plain", type: "button", onclick: () => end(null) }, "Revenir", h("kbd", {}, "Échap"))));
    host.append(panel);
    (buttons[0] ?? text).focus();
  });
}
