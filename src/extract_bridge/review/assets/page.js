// Puts the parts together: choosing, filters, keys, and what is heard.

function choose(number, { quiet = false, from = "list" } = {}) {
  const field = fields[number];
  if (!field) return;
  state.chosen = number;
  state.place = 0;
  isEditing = false;
  if (from === "page" && !placeOf.has(number)) showAll();
  drawInspector(); // takes room from the list
  reveal(number);
  draw();
  if (!quiet) sayField(field);
  if (from === "page") paintMarks();
  else showPlace();
}

function choosePlace(which) {
  state.place = which;
  drawInspector();
  if (matchMedia("(max-width: 800px)").matches) showTab("pages");
  showPlace();
}

function sayField(field) {
  const parts = [spoken(field.label), plain(textOf(field)).slice(0, 200)];
  if (field.c !== undefined && !field.isMissing && !isReplaced(field)) parts.push(`${percent(field.c)} sure`);
  if (standing(field)) parts.push(STANDINGS[standing(field)]);
  if (field.q?.[0]?.n !== undefined) parts.push(`page ${field.q[0].n}`);
  say(parts.join(", "));
}

function say(text) {
  find("live").textContent = text;
}

function drawCounts() {
  for (const button of find("filters").children) {
    const [, test] = FILTERS[button.dataset.filter];
    button.querySelector(".count").textContent = fields.filter(test).length.toLocaleString("en");
    button.setAttribute("aria-pressed", String(button.dataset.filter === state.filter));
  }
  const doubtful = fields.filter(isDoubtful);
  const done = doubtful.filter(isDecided).length;
  find("progress").max = Math.max(doubtful.length, 1);
  find("progress").value = doubtful.length ? done : 1;
  find("progress-text").textContent = doubtful.length ? `${done} of ${doubtful.length} reviewed` : "Nothing to review";
  find("save-count").textContent = state.decisions.size || "";
}

function setFilter(name) {
  state.filter = name;
  list.scrollTop = 0;
  refresh();
  drawCounts();
  say(`${FILTERS[name][0]}: ${counted(order.length, "field")}.`);
}

function setQuery(text) {
  state.query = text.trim().toLowerCase();
  list.scrollTop = 0;
  refresh();
  say(state.query ? counted(order.length, "match", "matches") : "");
}

function showAll() {
  find("search").value = "";
  state.query = "";
  setFilter("all");
}

function showTab(name) {
  document.body.dataset.tab = name;
  for (const button of document.querySelectorAll(".tabs button")) button.setAttribute("aria-pressed", String(button.dataset.tab === name));
  draw();
}

function setTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
}

const nextDoubtful = () => {
  const at = order.indexOf(state.chosen);
  const test = FILTERS.review[1];
  const next = [...order.slice(at + 1), ...order.slice(0, at + 1)].find((number) => test(fields[number]));
  if (next === undefined) say("Nothing is left to review here.");
  else choose(next);
};

const KEYS = [
  [["j", "ArrowDown"], "J  or  \u2193", "Next field", (event) => choose(event.key === "j" ? step(1) : neighbour(0, 1))],
  [["k", "ArrowUp"], "K  or  \u2191", "Previous field", (event) => choose(event.key === "k" ? step(-1) : neighbour(0, -1))],
  [["ArrowRight", "ArrowLeft"], "\u2190  \u2192", "Cell beside it", (event) => choose(neighbour(event.key === "ArrowRight" ? 1 : -1, 0))],
  [["n"], "N", "Next field to review", nextDoubtful],
  [["a"], "A", "Accept", () => decide("accept")],
  [["e", "Enter"], "E  or  Enter", "Edit", startEdit],
  [["x"], "X", "Reject", () => decide("reject")],
  [["u"], "U", "Undo the decision", undo],
  [["/"], "/", "Search", () => find("search").focus()],
  [["PageDown"], "PageDown", "Next page", () => goToSheet(current + 1)],
  [["PageUp"], "PageUp", "Previous page", () => goToSheet(current - 1)],
  [["+", "="], "+", "Larger", () => stepZoom(1)],
  [["-"], "-", "Smaller", () => stepZoom(-1)],
  [["0"], "0", "Fit the width", () => setZoom(1)],
  [["b"], "B", "All boxes, or only the chosen field's", toggleBoxes],
  [["t"], "T", "Dark or light", setTheme],
  [["s"], "S", "Save corrections", openSave],
  [["?"], "?", "This help", () => find("help").showModal()],
];

function toggleBoxes() {
  const isOn = desk.classList.toggle("few");
  find("boxes").setAttribute("aria-pressed", String(!isOn));
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const target = event.target;
  if (event.key === "Escape" && isEditing) return stopEdit();
  if (event.key === "Escape" && target === find("search")) return showAll() ?? grid.focus();
  if (target.matches("input, textarea, select")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isNamed = key.length > 1;
  if (isNamed && target !== grid && target !== document.body) return; // arrows scroll, and Enter presses buttons
  if (!isNamed && !find("keys-on").checked) return;
  const known = KEYS.find(([names]) => names.includes(key));
  if (!known) return;
  event.preventDefault();
  known[3]({ key });
}

function buildFrame() {
  write(find("title"), data.title, 200);
  const kinds = [...new Set(records.map((record) => record.service).filter(Boolean))].map((name) => `read by ${name}`);
  write(find("subtitle"), [counted(fields.length, "field"), records.length > 1 ? counted(records.length, "record") : "", ...kinds].filter(Boolean).join(" \u00b7 "));
  const notices = documents.filter((item) => item.note).map((item) => [item.state, `${item.name}: ${item.note}`]);
  for (const record of records) for (const text of record.warnings ?? []) notices.push(["note", records.length > 1 ? `${nameOfRecord(record)}: ${text}` : text]);
  const unique = [...new Map(notices.map(([kind, text]) => [text, kind]))];
  const most = 300;
  const shown = unique.slice(0, most).map(([text, kind]) => write(make("li", { class: kind }), text, 600));
  if (unique.length > most) shown.push(make("li", {}, `and ${counted(unique.length - most, "note")} more, in the records' warnings`));
  if (shown.length) {
    const open = unique.some(([, kind]) => kind !== "note") || shown.length < 3;
    find("notices").append(make("details", { open }, make("summary", {}, counted(unique.length, "note")), make("ul", {}, ...shown)));
  }
  for (const [name, [title]] of Object.entries(FILTERS)) {
    find("filters").append(make("button", { type: "button", "data-filter": name, onclick: () => setFilter(name) }, title, make("span", { class: "count" })));
  }
  for (const [, keys, text] of KEYS) find("keys").append(make("dt", {}, make("kbd", {}, keys)), make("dd", {}, text));
}

function listen() {
  const press = { "theme": setTheme, "help-open": () => find("help").showModal(), "save-open": openSave, "save-file": saveFile,
    "load": () => find("load-file").click(), "page-back": () => goToSheet(current - 1), "page-on": () => goToSheet(current + 1),
    "zoom-out": () => stepZoom(-1), "zoom-in": () => stepZoom(1), "zoom-fit": () => setZoom(1), "boxes": toggleBoxes, "show-all": showAll };
  for (const [id, run] of Object.entries(press)) find(id).addEventListener("click", run);
  for (const button of document.querySelectorAll(".tabs button")) button.addEventListener("click", () => showTab(button.dataset.tab));
  find("search").addEventListener("input", (event) => setQuery(event.target.value));
  find("page-choice").addEventListener("change", (event) => goToSheet(Number(event.target.value)));
  find("load-file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) loadText(await file.text());
  });
  grid.addEventListener("click", (event) => {
    const held = event.target.closest("[data-field]");
    if (!held) return;
    choose(Number(held.dataset.field));
    if (event.detail === 2) startEdit(); // no dblclick comes: the first click has drawn the row anew
  });
  desk.addEventListener("click", (event) => {
    const found = fieldAt(event);
    if (!found) return;
    choose(Number(found.field), { from: "page" });
    state.place = Number(found.which);
    drawInspector();
    paintMarks();
  });
  let drawing = 0;
  list.addEventListener("scroll", () => { drawing ||= requestAnimationFrame(() => { drawing = 0; draw(); }); });
  desk.addEventListener("scroll", () => requestAnimationFrame(noteCurrent));
  new ResizeObserver(draw).observe(list);
  document.addEventListener("keydown", onKey);
  addEventListener("beforeunload", (event) => {
    if (state.changes > state.saved) event.preventDefault();
  });
}

buildFrame();
buildSheets();
listen();
refresh();
drawCounts();
drawInspector();
noteCurrent();
if (fields.length && !matchMedia("(max-width: 800px)").matches) choose((fields.find(isDoubtful) ?? fields[0]).number, { quiet: true });
