// Decisions, and the file that they are saved to and loaded from.

const ACTIONS = ["accept", "edit", "reject"];

function decide(action, value) {
  const field = fields[state.chosen];
  if (!field) return;
  if (action === "reject" && field.isMissing) return say("There is no value to reject.");
  if (action === "edit" && value === field.v) action = "accept"; // nothing was changed
  const next = order[order.indexOf(field.number) + 1] ?? field.number;
  const decision = { action, at: new Date().toISOString() };
  if (action === "edit") decision.value = value;
  state.decisions.set(field.number, decision);
  state.changes++;
  say(`${spoken(field.label)} ${STANDINGS[action]}.`);
  afterDecision(action === "accept" || !matches(field) ? next : field.number);
}

function undo() {
  if (!state.decisions.delete(state.chosen)) return;
  state.changes++;
  say(`${spoken(fields[state.chosen].label)}: decision taken back.`);
  afterDecision(state.chosen);
}

function afterDecision(next) {
  isEditing = false;
  refresh();
  drawCounts();
  choose(next, { quiet: next === state.chosen });
}

// The decisions as `corrections.json`: which record, which content of it, which field, and what was decided when.
function corrections(reviewer) {
  const made = new Map();
  for (const [number, decision] of [...state.decisions].sort(([one], [other]) => one - other)) {
    const field = fields[number];
    const { id, key } = records[field.r];
    if (!made.has(field.r)) made.set(field.r, { record_id: id, content_key: key, fields: [] });
    made.get(field.r).fields.push({ pointer: field.p, ...decision });
  }
  return {
    format_version: 1, kind: "extract-bridge corrections", reviewer: reviewer || null,
    saved_at: new Date().toISOString(), records: [...made.values()],
  };
}

function saveFile() {
  const text = JSON.stringify(corrections(find("reviewer").value.trim()), null, 1);
  const link = make("a", { download: "corrections.json" });
  link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "application/json" }));
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  state.saved = state.changes;
  find("save").close();
  say(`Saved ${counted(state.decisions.size, "decision")} as corrections.json.`);
}

// Takes decisions from a saved file, all or none of them.
function loadText(text) {
  const problem = find("save-problem");
  try {
    const found = readCorrections(JSON.parse(text));
    for (const [number, decision] of found) state.decisions.set(number, decision);
    state.changes++;
    problem.textContent = "";
    find("save").close();
    say(`Loaded ${counted(found.length, "decision")}.`);
    afterDecision(state.chosen);
  } catch (error) {
    problem.textContent = error instanceof Refused ? error.message : "This is no file of corrections.";
  }
}

class Refused extends Error {}

function readCorrections(told) {
  if (told?.kind !== "extract-bridge corrections" || told.format_version !== 1) throw new Refused("This is no file of corrections that this page can read.");
  const numberOf = new Map(fields.map((field) => [`${records[field.r].id}\n${records[field.r].key}\n${field.p}`, field.number]));
  return told.records.flatMap((record) => record.fields.map((item) => {
    const number = numberOf.get(`${record.record_id}\n${record.content_key}\n${item.pointer}`);
    if (number === undefined) throw new Refused("These corrections are for other records than these, or for another version of them. None was taken over.");
    if (!ACTIONS.includes(item.action)) throw new Refused("This file holds a decision of an unknown kind. None was taken over.");
    const { action, value, at } = item;
    return [number, action === "edit" ? { action, value, at } : { action, at }];
  }));
}

function openSave() {
  const counts = ACTIONS.map((action) => [...state.decisions.values()].filter((decision) => decision.action === action).length);
  find("save-summary").textContent = state.decisions.size
    ? `${counts[0]} accepted, ${counts[1]} edited, ${counts[2]} rejected. Fields without a decision stay as they are.`
    : "Nothing has been decided yet: accept, edit or reject fields first, or go on with a file that you saved before.";
  find("save-file").disabled = !state.decisions.size;
  find("save-problem").textContent = "";
  find("save").showModal();
}
