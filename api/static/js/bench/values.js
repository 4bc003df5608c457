// How an agent writes a value, and how the service writes it. The service checks again.

const digitsOf = (text) => text.replace(/[\s./-]/g, "");

export function shown(value, kind) {
  if (value === null || value === undefined) return "";
  if ((kind === "date" || kind === "birth") && /^\d{4}-\d\d-\d\d$/.test(value)) return `${value.slice(8)}/${value.slice(5, 7)}/${value.slice(0, 4)}`;
  if (kind === "amount") return String(value).replace(".", ",");
  if (kind === "month" && /^\d{4}-\d\d$/.test(value)) return `${value.slice(5)}/${value.slice(0, 4)}`;
  if (kind === "number") return String(value).replace(".", ",");
  if (kind === "iban") return String(value).replace(/(.{4})(?=.)/g, "$1 ");
  if (kind === "nir" && String(value).length === 13) return String(value).replace(/^(.)(..)(..)(..)(...)(...)$/, "$1 $2 $3 $4 $5 $6");
  return String(value);
}

/** Text -> {value} or {error}: a value of null means blank on the paper. */
export function parsed(text, kind, length) {
  const trimmed = text.trim();
  if (!trimmed) return { value: null };
  switch (kind) {
    case "birth":
    case "date": {
      const found = /^(\d{1,2})[\s./-](\d{1,2})[\s./-](\d{4}|\d\d)$/.exec(trimmed) ?? /^(\d\d)(\d\d)(\d{4}|\d\d)$/.exec(digitsOf(trimmed));
      if (!found) return { error: "Une date s'écrit 03112026 ou 3/11/26." };
      const [d, m] = [found[1].padStart(2, "0"), found[2].padStart(2, "0")];
      // of a birth the century cannot be guessed; no care is older than this one
      if (kind === "birth" && found[3].length === 2) return { error: "L'année de naissance s'écrit avec quatre chiffres." };
      const year = found[3].padStart(4, "20");
      if (kind === "birth") return { value: `${year}-${m}-${d}` }; // a lunar or incomplete date is no day
      const at = new Date(Date.UTC(+year, +m - 1, +d));
      if (at.getUTCMonth() !== +m - 1 || at.getUTCDate() !== +d) return { error: "Ce jour n'existe pas." };
      return { value: `${year}-${m}-${d}` };
    }
    case "amount": {
      const found = /^(\d{1,6})(?:[.,](\d{1,2}))?\s*€?$/.exec(trimmed.replace(/\s/g, ""));
      if (!found) return { error: "Un montant s'écrit 30 ou 30,00." };
      return { value: `${+found[1]}.${(found[2] ?? "").padEnd(2, "0")}` };
    }
    case "nir": {
      const number = trimmed.replace(/\s/g, "").toUpperCase();
      if (!/^[1-8]\d{4}(\d\d|2[AB])\d{6}$/.test(number)) return { error: `Treize caractères attendus, ${number.length} écrits.` };
      return { value: number };
    }
    case "digits": {
      const number = trimmed.replace(/\s/g, "").toUpperCase();
      if (length && number.length > length) return { error: `${length} caractères au plus, ${number.length} écrits.` };
      return { value: number };
    }
    case "month": {
      const [, m, y] = /^(\d{1,2})[\s./-]?(\d{4})$/.exec(trimmed) ?? [];
      if (!m || +m < 1 || +m > 12) return { error: "Un mois s'écrit 08/2026." };
      return { value: `${y}-${m.padStart(2, "0")}` };
    }
    case "number": {
      const number = trimmed.replace(/\s/g, "").replace(",", ".");
      if (!/^\d{1,5}(\.\d{1,2})?$/.test(number)) return { error: "Un nombre s'écrit 455 ou 455,5." };
      return { value: String(+number) };
    }
    case "iban":
      return { value: trimmed.replace(/[\s.-]/g, "").toUpperCase() };
    case "code":
      return { value: trimmed.toUpperCase() };
    default:
      return { value: trimmed };
  }
}

export function nirKey(body) {
  const digits = body.replace("2A", "19").replace("2B", "18");
  return String(97 - Number(BigInt(digits) % 97n)).padStart(2, "0");
}

export function certainty(p) {
  if (p >= 0.999) return "sûr";
  if (p >= 0.98) return "presque sûr";
  if (p >= 0.85) return "probable";
  if (p >= 0.5) return "incertain";
  return "très incertain";
}

const percent = new Intl.NumberFormat("fr", { style: "percent", maximumFractionDigits: 0 });
export const inPercent = (p) => percent.format(Math.min(p, 0.999));
