// The chosen field in full, and what a person can do about it.

const inspector = find("inspector");
let isEditing = false;

function drawInspector() {
  const field = fields[state.chosen];
  inspector.classList.toggle("open", Boolean(field));
  if (!field) {
    isEditing = false;
    inspector.replaceChildren(make("p", { class: "soft" }, "Choose a field, or press J for the next one."));
    return;
  }
  const body = make("div", { class: "body", tabindex: "0", role: "group", "aria-label": "Details" },
    heading(field), ...(isEditing ? [] : [valueBlock(field)]), strip(field), ...evidence(field), ...remarks(field));
  inspector.replaceChildren(...(isEditing ? [form(field)] : []), body, ...(isEditing ? [] : [buttons(field)]));
}

function heading(field) {
  const name = write(make("h2"), spoken(field.label), 200);
  const path = write(make("code", { class: "path" }), dotted(field.p), 300);
  const kind = standing(field);
  const tag = kind ? make("span", { class: `tag ${kind}` }, icon(kind), STANDINGS[kind]) : null;
  const sure = field.c === undefined || field.isMissing || isReplaced(field) ? null : make("span", { class: "soft sure" }, `${percent(field.c)} sure`);
  return make("div", { class: "heading" }, make("div", {}, name, path), make("div", { class: "tags" }, tag, sure));
}

function valueBlock(field) {
  const value = valueOf(field);
  const shown = make("p", { class: `now ${value === null ? "none" : ""}`, dir: "auto" });
  if (value === null) shown.append(field.isMissing ? "Not found" : "Rejected: no value");
  else long(shown, textOf(field));
  const block = make("div", { class: "values" }, shown);
  const decision = state.decisions.get(field.number);
  if (decision && decision.action !== "accept") {
    const before = make("p", { class: "before" }, "Was ");
    before.append(write(make("s", { dir: "auto" }), field.isMissing ? "nothing" : field.big ?? String(field.v), 500));
    block.append(before);
  }
  return block;
}

// Long text is cut, with a way to see all of it.
function long(element, text) {
  const most = 2000;
  write(element, text, most);
  if (text.length > most) {
    const more = () => element.replaceChildren() ?? write(element, text);
    element.append(" ", make("button", { type: "button", class: "link", onclick: more }, `Show all ${counted(text.length, "character")}`));
  }
}

function evidence(field) {
  return (field.q ?? []).map((place, which) => {
    const where = place.n === undefined ? "No page" : `Page ${place.n}`;
    const quote = make("q", { dir: "auto" });
    write(quote, place.t ?? "", 1000);
    const isHere = which === state.place && field.q.length > 1;
    return make("button", {
      type: "button", class: `place ${isHere ? "chosen" : ""}`, disabled: place.g === undefined,
      title: place.g === undefined ? "This page is not shown" : "Show this place",
      onclick: () => choosePlace(which),
    }, make("span", { class: "where", title: place.l ? "The service gave no box: its words were found on the page" : null }, where), place.t ? quote : make("span", { class: "soft" }, place.b ? "no quote" : "no quote and no box"));
  });
}

function remarks(field) {
  const items = (isReplaced(field) ? [] : field.k ?? []).map(([level, text]) => {
    const item = make("li", { class: level }, icon(level === "ok" ? "accept" : level));
    return write(item, text, 1000);
  });
  const notes = [["Why", field.why], ["As printed", field.raw], ["Asked for", field.d]]
    .filter(([, text]) => text)
    .map(([name, text]) => make("p", { class: "remark" }, make("span", { class: "soft" }, name), write(make("span", { dir: "auto" }), text, 2000)));
  if (field.x) notes.push(make("p", { class: "remark" }, make("span", { class: "soft" }, "Corrected"), write(make("span"), `${field.x.action ?? ""} by ${field.x.by || "somebody"}, ${field.x.at ?? ""}`)));
  return [...(items.length ? [make("ul", { class: "checks" }, ...items)] : []), ...notes];
}

// The words of the page around the value, for windows too narrow to show the page beside it.
function strip(field) {
  const place = field.q?.[state.place];
  const sheet = sheets[place?.g];
  if (!place?.b || !sheet?.i) return null;
  const [x, y, w, h] = place.b[0];
  const wide = Math.min(1, Math.max(w * 1.5, 0.5));
  const left = Math.max(0, Math.min(1 - wide, x + w / 2 - wide / 2));
  const image = make("img", { alt: `The place on page ${place.n}` });
  image.src = sourceOf(place.g);
  image.style.width = `${100 / wide}%`;
  image.style.left = `${(-left / wide) * 100}%`;
  const height = sheet.h / sheet.w / wide; // of the whole image, in widths of the strip
  image.style.top = `calc(36px - ${((y + h / 2) * height * 100).toFixed(2)}cqw)`;
  const mark = make("span", { class: "mark chosen" });
  mark.style.left = percentOf((x - left) / wide);
  mark.style.width = percentOf(w / wide);
  mark.style.height = `${(h * height * 100).toFixed(2)}cqw`;
  mark.style.top = `calc(36px - ${((h / 2) * height * 100).toFixed(2)}cqw)`;
  return make("div", { class: "strip" }, make("div", { class: "inside" }, image, mark));
}

function buttons(field) {
  const decision = state.decisions.get(field.number)?.action;
  const button = (action, text, key, run) => make("button", {
    type: "button", class: `act ${action}`, title: `${text} (${key})`, "aria-pressed": run ? null : String(decision === action),
    onclick: run ?? (() => decide(action)),
  }, icon(action), text);
  return make("div", { class: "acts" },
    field.isMissing ? button("accept", "None is right", "A") : button("accept", "Accept", "A"),
    make("button", { type: "button", class: "act edit", title: "Edit (E)", onclick: startEdit }, icon("edit"), "Edit"),
    field.isMissing ? null : button("reject", "Reject", "X"),
    decision ? make("button", { type: "button", class: "act", title: "Undo (U)", onclick: undo }, "Undo") : null);
}

function startEdit() {
  if (state.chosen < 0) return;
  isEditing = true;
  drawInspector();
  reveal(state.chosen);
  draw();
  const input = find("edit-value");
  input.focus();
  input.select?.();
}

function stopEdit() {
  isEditing = false;
  drawInspector();
  grid.focus({ preventScroll: true });
}

const kindOf = (field) => field.s ?? (typeof field.v === "boolean" ? "boolean" : typeof field.v === "number" ? "number" : "string");

function form(field) {
  const kind = kindOf(field);
  const value = valueOf(field);
  const id = "edit-value";
  let input;
  if (field.e || kind === "boolean") {
    const options = field.e ?? [true, false];
    input = make("select", { id }, ...options.map((option, place) => {
      const made = make("option", { value: place, selected: option === value });
      return write(made, String(option), 200);
    }));
    input.read = () => options[Number(input.value)];
  } else if (kind === "string") {
    input = make("textarea", { id, rows: Math.min(5, String(value ?? "").split("\n").length), dir: "auto", spellcheck: "false" });
    input.value = value ?? "";
    input.read = () => input.value;
  } else {
    input = make("input", { id, type: "text", inputmode: "decimal", autocomplete: "off" });
    input.value = value === null ? "" : value === field.v && field.big ? field.big : String(value);
    input.read = () => readNumber(input.value, kind);
  }
  const problem = make("p", { class: "problem", role: "alert", id: "edit-problem" });
  input.setAttribute("aria-describedby", problem.id);
  const submit = (event) => {
    event.preventDefault();
    const typed = input.read();
    if (typed === undefined) {
      problem.textContent = kind === "integer" ? "Type a whole number, such as 1200." : "Type a number with a point, such as 1200.50.";
      input.setAttribute("aria-invalid", "true");
      return input.focus();
    }
    isEditing = false;
    decide("edit", typed);
    grid.focus({ preventScroll: true });
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) submit(event);
  });
  return make("form", { class: "editing", onsubmit: submit },
    make("label", { for: id }, `Corrected value of ${plain(spoken(field.label)).slice(0, 100)}`), input, problem,
    make("div", { class: "acts" },
      make("button", { class: "act primary" }, "Keep"),
      make("button", { type: "button", class: "act", onclick: stopEdit }, "Cancel")));
}

// A number as JSON writes it; undefined for what is none, or cannot be kept exactly.
function readNumber(text, kind) {
  const typed = text.trim();
  if (!/^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(typed)) return undefined;
  const number = Number(typed);
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) return undefined;
  return kind === "integer" && !Number.isInteger(number) ? undefined : number;
}
