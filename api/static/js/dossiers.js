// The page where a dossier is looked for.
import { byId, h } from "./dom.js";
import { peopleSearch, told } from "./people.js";

const { form, results } = peopleSearch((each) => h("a", { class: "button", href: `/dossiers/${each.id}` }, told(each)));
byId("search").append(form, results);
form.elements.nir.focus();
