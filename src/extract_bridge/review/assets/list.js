// The fields: a list of rows of known heights, of which only those near the window are in the document.

const list = find("list");
const grid = find("rows");
const HEIGHTS = { record: 46, group: 34, empty: 38, field: 42, grid: 38, columns: 32, cells: 36 };
const MARGIN = 240; // pixels above and below the window
let view = []; // the rows that the filter lets through
let offsets = [0]; // where each begins
let placeOf = new Map(); // field -> [row of the view, column]
let order = []; // fields of the view, as one steps through them
const heads = new Map(data.rows.filter((row) => row[0] === "grid").map((row) => [row[3], row[4]])); // grid -> columns
const widthsOf = measured();

// Widths of each grid's columns, from its first rows.
function measured() {
  const widths = new Map();
  const seen = new Map();
  for (const row of data.rows) {
    if (row[0] === "grid") widths.set(row[3], row[4].map((name) => headOf(name).length));
    if (row[0] !== "cells" || (seen.get(row[1]) ?? 0) > 60) continue;
    seen.set(row[1], (seen.get(row[1]) ?? 0) + 1);
    const known = widths.get(row[1]);
    row[3].forEach((field, place) => {
      if (field >= 0) known[place] = Math.max(known[place], Math.min(textOf(fields[field]).length, 40));
    });
  }
  for (const [key, known] of widths) widths.set(key, known.map((length) => Math.max(64, Math.min(260, Math.round(length * 7.3 + 26)))));
  return widths;
}

// The rows that hold what the filter and the search let through, with the headings above them.
function refresh() {
  const isOpen = state.filter === "all" && !state.query;
  view = [];
  let above = [];
  let columns = null;
  const keep = (row) => {
    view.push(...above, row);
    above = [];
  };
  for (const row of data.rows) {
    const [kind] = row;
    if (kind === "record") above = [row];
    else if (kind === "grid" && !row[2]) columns = ["columns", row[3], row[4]]; // its record's heading is its own
    else if (kind === "cells") {
      if (row[3].some((field) => field >= 0 && matches(fields[field]))) {
        if (columns) above.push(columns);
        columns = null;
        keep(row);
      }
    } else {
      above = above.filter((heading) => heading[0] === "record" || heading[1] < row[1]);
      if (kind === "field" ? matches(fields[row[3]]) : isOpen) keep(row);
      else if (kind !== "field" && kind !== "empty") above.push(row);
      if (kind === "grid") columns = ["columns", row[3], row[4]];
    }
  }
  measure();
  draw();
}

function measure() {
  offsets = new Array(view.length + 1);
  offsets[0] = 0;
  placeOf = new Map();
  order = [];
  view.forEach((row, place) => {
    offsets[place + 1] = offsets[place] + HEIGHTS[row[0]];
    const held = row[0] === "field" ? [row[3]] : row[0] === "cells" ? row[3] : [];
    held.forEach((field, column) => {
      if (field < 0) return;
      placeOf.set(field, [place, column]);
      if (matches(fields[field])) order.push(field);
    });
  });
  grid.setAttribute("aria-rowcount", view.length);
  find("nothing").hidden = view.length > 0;
}

// The last row that begins at or above a height.
function rowAt(height) {
  let low = 0;
  let high = view.length - 1;
  while (low < high) {
    const half = (low + high + 1) >> 1;
    if (offsets[half] <= height) low = half;
    else high = half - 1;
  }
  return low;
}

function draw() {
  grid.style.setProperty("--width", `${list.clientWidth}px`);
  const first = rowAt(list.scrollTop - MARGIN);
  const last = Math.min(view.length - 1, rowAt(list.scrollTop + list.clientHeight + MARGIN));
  const shown = [];
  for (let place = first; place <= last; place++) shown.push(drawRow(view[place], place));
  grid.replaceChildren(...shown);
  grid.style.paddingTop = `${offsets[first] ?? 0}px`;
  grid.style.paddingBottom = `${offsets[view.length] - (offsets[last + 1] ?? 0)}px`;
  pinColumns();
  const isDrawn = document.getElementById(`field-${state.chosen}`);
  if (isDrawn) grid.setAttribute("aria-activedescendant", isDrawn.id);
  else grid.removeAttribute("aria-activedescendant");
}

// The column heads of the grid that the window begins in stay at its top.
function pinColumns() {
  const row = view[rowAt(list.scrollTop)];
  const number = row?.[0] === "cells" ? row[1] : null;
  find("pinned").replaceChildren(...(number === null ? [] : [columnsRow(["columns", number, heads.get(number)], true)]));
}

function drawRow(row, place) {
  const [kind] = row;
  const made = kind === "field" ? fieldRow(row) : kind === "cells" ? cellsRow(row)
    : kind === "columns" ? columnsRow(row) : headingRow(row);
  made.setAttribute("role", "row");
  made.setAttribute("aria-rowindex", place + 1);
  return made;
}

function headingRow([kind, depth, label, , , rows]) {
  const row = make("div", { class: `row ${kind}` });
  const cell = make("span", { role: "gridcell", class: "name" });
  if (kind === "record") {
    const record = records[depth];
    write(cell, label > 1 ? spoken(record.name ?? "records") : nameOfRecord(record));
    if (label > 1) cell.append(make("span", { class: "soft" }, counted(label, "record")));
    if (documents.length > 1) cell.append(write(make("span", { class: "soft" }), documents[record.doc].name));
  } else {
    cell.style.paddingLeft = `${depth * 16}px`;
    write(cell, spoken(label), 200);
    if (kind === "grid") cell.append(make("span", { class: "soft" }, counted(rows, "row")));
    if (kind === "empty") cell.append(make("span", { class: "soft" }, "empty"));
  }
  row.append(cell);
  return row;
}

function fieldRow([, depth, label, number]) {
  const field = fields[number];
  const name = make("span", { role: "gridcell", class: "name", title: plain(dotted(field.p)) });
  name.style.paddingLeft = `${depth * 16}px`;
  name.append(flag(field), write(make("span", { class: "text" }), spoken(label), 200));
  const value = make("span", { role: "gridcell", class: "value", dir: "auto" });
  write(value, textOf(field), 300);
  return make("div", { ...look(field, "row field"), id: `field-${number}` }, name, value, meter(field));
}

function cellsRow([, number, label, held]) {
  const head = make("span", { role: "rowheader", class: "head" }, label);
  const row = make("div", { class: "row cells" }, head);
  row.style.gridTemplateColumns = template(number);
  for (const place of held) {
    if (place < 0) {
      row.append(make("span", { role: "gridcell", class: "cell void" }));
      continue;
    }
    const field = fields[place];
    const text = write(make("span", { class: "text", dir: "auto" }), textOf(field), 120);
    const isFaint = !matches(field);
    const kind = standing(field);
    const isPlain = !kind || kind === "low" || kind === "missing"; // its colour and its dash say so to the eye
    row.append(make("span", {
      ...look(field, `cell${isFaint ? " faint" : ""}${typeof valueOf(field) === "number" ? " number" : ""}`),
      role: "gridcell", id: `field-${place}`,
    }, isPlain ? make("span", { class: "unseen" }, STANDINGS[kind] ?? "") : flag(field), text));
  }
  return row;
}

function columnsRow([, number, names], isCopy = false) {
  const role = isCopy ? null : "columnheader";
  const first = make("span", { role, class: "head" }, isCopy ? null : make("span", { class: "unseen" }, "Row"));
  const row = make("div", { class: "row columns" }, first);
  row.style.gridTemplateColumns = template(number);
  for (const name of names) row.append(write(make("span", { role, class: "cell", title: plain(name) }), headOf(name), 120));
  return row;
}

const template = (number) => `48px ${widthsOf.get(number).map((width) => `${width}px`).join(" ")}`;

function look(field, classes) {
  const isChosen = field.number === state.chosen;
  return {
    class: `${classes} ${standing(field)}${isChosen ? " chosen" : ""}`,
    "data-field": field.number,
    "aria-selected": isChosen ? "true" : "false",
  };
}

function flag(field) {
  const kind = standing(field);
  const made = make("span", { class: `flag ${kind}` });
  if (kind) made.append(icon(kind), make("span", { class: "unseen" }, STANDINGS[kind]));
  return made;
}

function meter(field) {
  const cell = make("span", { role: "gridcell", class: "meter" });
  if (field.c === undefined || field.isMissing || isReplaced(field)) return cell;
  const bar = make("span", { class: `level ${field.isLow ? "low" : ""}` });
  const filled = make("span");
  filled.style.width = percent(field.c);
  bar.append(filled);
  cell.append(bar, make("span", { class: "share" }, percent(field.c)));
  return cell;
}

// Brings a field's row into the window.
function reveal(number) {
  const [place, column] = placeOf.get(number) ?? [];
  if (place === undefined) return;
  const isGrid = view[place][0] === "cells";
  const top = offsets[place] - (isGrid ? HEIGHTS.columns : 0) - 8;
  const bottom = offsets[place + 1] + 8;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  if (!isGrid) return;
  const widths = widthsOf.get(view[place][1]);
  const left = widths.slice(0, column).reduce((sum, width) => sum + width, 0);
  if (left < list.scrollLeft) list.scrollLeft = left;
  else if (left + widths[column] + 48 > list.scrollLeft + list.clientWidth) list.scrollLeft = left + widths[column] + 48 - list.clientWidth;
}

// The field that lies beside the chosen one in its grid, or below and above it.
function neighbour(across, down) {
  const at = placeOf.get(state.chosen);
  if (!at) return order[0];
  const [place, column] = at;
  if (across && view[place][0] === "cells") return view[place][3][column + across];
  const next = view[place + down];
  if (down && view[place][0] === "cells" && next?.[0] === "cells") return next[3][column];
  return step(down || across);
}

function step(by) {
  const at = order.indexOf(state.chosen);
  if (at < 0) return by > 0 ? order[0] : order[order.length - 1];
  return order[at + by];
}
