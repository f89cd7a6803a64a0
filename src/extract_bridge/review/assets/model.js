// What the page knows: the data it was built with, and what the person at it has decided.

const data = JSON.parse(find("data").textContent);
const { fields, records, sheets, documents } = data;

const state = {
  filter: "all",
  query: "",
  chosen: -1, // a field
  place: 0, // which of its citations
  decisions: new Map(), // field -> { action, value, at }
  saved: 0, // decisions at the last save
  changes: 0, // counts every decision
};

for (const [number, field] of fields.entries()) {
  field.number = number;
  field.isMissing = field.v === null;
  field.isLow = !field.isMissing && field.c !== undefined && field.c < data.least;
  field.isFailed = (field.k ?? []).some(([level]) => level === "fail");
  field.label = unescaped(field.p.slice(field.p.lastIndexOf("/") + 1));
}

const isDecided = (field) => state.decisions.has(field.number);
const isDoubtful = (field) => field.isLow || field.isMissing || field.isFailed;

const FILTERS = {
  all: ["All", () => true],
  review: ["To review", (field) => isDoubtful(field) && !isDecided(field)],
  low: ["Low", (field) => field.isLow],
  missing: ["Missing", (field) => field.isMissing],
  failed: ["Failed check", (field) => field.isFailed],
  decided: ["Decided", isDecided],
};

// Whether the value is no longer what was read, so that nothing said of that one holds for it.
const isReplaced = (field) => isDecided(field) && state.decisions.get(field.number).action !== "accept";

// The value as it now stands: corrected, emptied, or as it was read.
function valueOf(field) {
  const decision = state.decisions.get(field.number);
  if (decision?.action === "edit") return decision.value;
  return decision?.action === "reject" ? null : field.v;
}

function textOf(field) {
  const value = valueOf(field);
  if (value === field.v && field.big) return field.big;
  if (value === null) return "\u2014";
  return typeof value === "string" ? (value === "" ? "\u201c\u201d" : value) : String(value);
}

function haystack(field) {
  field.found ??= [field.p, spoken(field.label), field.big ?? field.v ?? "", ...(field.q ?? []).map((place) => place.t ?? "")]
    .join("\n").toLowerCase();
  const decision = state.decisions.get(field.number);
  return decision?.action === "edit" ? `${field.found}\n${decision.value}`.toLowerCase() : field.found;
}

function matches(field) {
  if (!FILTERS[state.filter][1](field)) return false;
  return !state.query || haystack(field).includes(state.query);
}

// What is most worth knowing about a field, for its icon: the decision before the doubt.
function standing(field) {
  const decision = state.decisions.get(field.number);
  if (decision) return decision.action;
  return field.isFailed ? "fail" : field.isMissing ? "missing" : field.isLow ? "low" : "";
}

const STANDINGS = {
  accept: "accepted", edit: "edited", reject: "rejected", fail: "failed check", missing: "missing", low: "low confidence",
};

function nameOfRecord(record) {
  const unit = record.target === "per_page" ? `page ${record.page}`
    : record.target === "per_table_row" && record.row !== undefined ? `row ${record.row + 1}` : "";
  return [spoken(record.name ?? "record"), unit].filter(Boolean).join(", ");
}
