// Every key of the workbench, in one place. The list shown by «?» is api/pages.py KEYS.

const ACTIONS = { KeyR: "refuse", KeyN: "rescan", KeyQ: "quarantine" };
const WRITES_QUESTION_MARKS = new Set(["text", "block"]);

export function listen({ desk, decide, help }) {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (act(event, desk(), decide, help)) event.preventDefault();
  });
}

function act(event, desk, decide, help) {
  const { key, target } = event;
  const field = desk?.at(target);
  if (key === "F1" || (key === "?" && !WRITES_QUESTION_MARKS.has(field?.facts.kind) && target.type !== "search")) return help(), true;
  if (!desk) return false;
  if (key === "Enter" && event.ctrlKey) return event.repeat || decide("accept"), true;
  // the letter that is printed, whatever the layout; Alt may turn it into another character
  if (event.altKey && !event.ctrlKey) {
    const letter = `Key${key.toUpperCase()}`;
    if (ACTIONS[letter] ?? ACTIONS[/^[a-z]$/i.test(key) ? "" : event.code]) return event.repeat || decide(ACTIONS[letter] ?? ACTIONS[event.code]), true;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    if (digit) return (field?.choose(digit - 1) || desk.person.pick(digit - 1)), true;
    return false;
  }
  if (key === "F2") return desk.sheet.mode === "field" || !desk.current ? desk.sheet.whole() : (desk.sheet.mode = "", desk.sheet.follow(desk.current.facts.page ?? 0, desk.current.facts.box)), true;
  if (key === "F4") return desk.person.ask(), true;
  if (key === "F6") return desk.toggleBlank(), true;
  if (key === "F8") return desk.sheet.zoom(1 / 1.25), true;
  if (key === "F9") return desk.sheet.zoom(1.25), true;
  if (key === "PageDown" || key === "PageUp") {
    const by = (key === "PageDown" ? -1 : 1) * 120;
    return desk.sheet.pan(event.shiftKey ? by : 0, event.shiftKey ? 0 : by), true;
  }
  if (target.tagName === "TEXTAREA") return key === "Enter" && event.shiftKey ? (desk.next(target), true) : false;
  if (target.tagName === "SELECT") return key === "Enter" ? (desk.next(target), true) : false;
  if (desk.person.holds(target) && target.type === "radio") {
    if (/^[1-9]$/.test(key)) return desk.person.pick(key - 1) && desk.next(target), true;
    if (key === "Enter") return event.repeat || desk.next(target), true;
    return false;
  }
  if (!field || target.tagName === "BUTTON") return false;
  if (key === "Enter") return event.shiftKey ? desk.previous(target) : desk.next(target), true;
  if (key === "ArrowDown") return desk.step(1, target);
  if (key === "ArrowUp") return desk.step(-1, target);
  return false;
}
