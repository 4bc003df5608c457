// A document's page: the sheet beside its fields, and the proof verified on demand.
import { byId, h } from "./dom.js";
import { call, pageImage } from "./api.js";
import { Sheet } from "./sheet.js";

const host = byId("sheet");
const sheet = new Sheet(host);
const pages = [];
for (let n = 0; n < Number(host.dataset.pages); n += 1) pages.push(pageImage(host.dataset.document, n).catch(() => null));
const loaded = await Promise.all(pages);
sheet.load(loaded.every(Boolean) ? loaded : []);

const boxOf = (row) => row.dataset.box.split(" ").map(Number);
for (const row of document.querySelectorAll("#fields tr[data-field]")) {
  const show = () => {
    const box = boxOf(row), page = Number(row.dataset.page);
    if (!(box[2] > 0)) return;
    sheet.show(page);
    sheet.mark([{ page, box, kind: "current" }]);
  };
  row.addEventListener("pointerenter", show);
  row.addEventListener("click", () => { show(); sheet.follow(Number(row.dataset.page), boxOf(row)); });
}
for (const link of document.querySelectorAll("a[data-page]")) link.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  sheet.show(Number(link.dataset.page));
  sheet.whole();
});

byId("verify")?.addEventListener("click", async (event) => {
  const said = byId("verified");
  said.replaceChildren("Relecture des objets…");
  try {
    const { ok, objects, seals, waiting, faults } = await call("POST", `/documents/${event.target.dataset.document}/verification`);
    const own = objects - seals, many = (n, one, more) => `${n} ${n > 1 ? more : one}`;
    said.replaceChildren(h("span", { class: `note ${ok ? "good" : "bad"}` }, ok
      ? `${many(own, "objet relu", "objets relus")} et ${many(seals, "sceau", "sceaux")} du journal : tout est intact et verrouillé.`
        + (waiting ? " Les dernières lignes du journal attendent le prochain sceau." : "")
      : `${many(faults.length, "écart", "écarts")} : ${faults.join(" ; ")}`));
  } catch (problem) {
    said.replaceChildren(h("span", { class: "note bad" }, `${problem.message} ${problem.next_step ?? ""}`));
  }
});
