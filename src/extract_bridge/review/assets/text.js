// Elements and text. What came out of a document enters the page through text nodes only.

const find = (id) => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const ICONS = {
  accept: "M4.5 10.5l3.5 3.5 7.5-8",
  edit: "M5 15l.8-3.2L13 4.600l2.400 2.400-7.200 7.200z",
  reject: "M5.500 5.500l9 9M14.500 5.500l-9 9",
  fail: "M10 4.500v7M10 14.800v.4",
  note: "M10 9v6M10 5.300v.4",
  missing: "M6 10h8",
  low: "M7.400 7.400a2.600 2.600 0 1 1 3.900 2.200c-.900.500-1.300 1.100-1.300 2M10 14.800v.3",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Controls, direction overrides, invisible characters, tags and lone surrogates: shown by name instead of obeyed.
const UNSEEN = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f" +
    "\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}]", "gu");

const nameOf = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

// Appends text to an element, at most `most` characters of it.
function write(element, text, most = Infinity) {
  const shown = text.length > most ? text.slice(0, most) : text;
  let last = 0;
  for (const found of shown.matchAll(UNSEEN)) {
    if (found.index > last) element.append(shown.slice(last, found.index));
    const mark = make("span", { class: "unprintable" });
    mark.textContent = nameOf(found[0]);
    element.append(mark);
    last = found.index + found[0].length;
  }
  element.append(shown.slice(last) + (text.length > most ? "\u2026" : ""));
  return element;
}

const plain = (text) => text.replace(UNSEEN, nameOf);

// A schema's name as people write it: `invoice_number` and `invoiceNumber` are both "Invoice number".
function spoken(name) {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[_\s]+/g, " ").trim();
  return words ? words[0].toUpperCase() + words.slice(1) : name || "(no name)";
}

const unescaped = (step) => step.replaceAll("~1", "/").replaceAll("~0", "~");

// A JSON pointer as a path: `/line_items/0/amount` is `line_items[0].amount`.
function dotted(pointer) {
  const steps = pointer.split("/").slice(1).map(unescaped);
  return steps.map((step, place) => (/^[0-9]+$/.test(step) ? `[${step}]` : (place ? "." : "") + step)).join("");
}

// The head of a grid's column: a path below one of its rows.
const headOf = (path) => (path ? path.split("/").map((step) => spoken(unescaped(step))).join(" \u203a ") : "Value");

const percent = (confidence) => `${Math.round(confidence * 100)}%`;
const counted = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many ?? one + "s"}`;
