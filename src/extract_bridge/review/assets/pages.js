// The pages: images and boxes are put in only where they are near the window, and taken out again.

const desk = find("sheets");
const papers = [];
const marksOf = sheets.map(() => []);
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4];
let zoom = 1;
let current = 0;

for (const field of fields) {
  for (const [which, place] of (field.q ?? []).entries()) {
    for (const box of place.b ?? []) marksOf[place.g].push({ field, which, box, isFound: place.l === 1 });
  }
}

function nameOfSheet(sheet) {
  return documents.length > 1 ? `${documents[sheet.d].name}, page ${sheet.n}` : `Page ${sheet.n}`;
}

function buildSheets() {
  const near = new IntersectionObserver(
    (seen) => seen.forEach((entry) => (entry.isIntersecting ? fill : clear)(Number(entry.target.dataset.sheet))),
    { root: desk, rootMargin: "900px 0px" },
  );
  for (const [number, sheet] of sheets.entries()) {
    const paper = make("div", { class: "paper", "data-sheet": number });
    paper.style.aspectRatio = sheet.w ? `${sheet.w} / ${sheet.h}` : "1 / 0.35";
    const caption = make("figcaption");
    write(caption, nameOfSheet(sheet));
    desk.append(make("figure", { class: "sheet" }, caption, paper));
    papers.push(paper);
    near.observe(paper);
    const option = make("option", { value: number });
    write(option, nameOfSheet(sheet));
    find("page-choice").append(option);
  }
  if (!sheets.length) desk.append(make("p", { class: "empty" }, noPages()));
  for (const id of ["page-back", "page-on", "page-choice"]) find(id).disabled = !sheets.length;
}

function noPages() {
  return fields.some((field) => field.q)
    ? "The pages are not shown here. The quotes beside each value say where it was read."
    : "Nothing says where these values were read: the job has no citations.";
}

function fill(number) {
  const paper = papers[number];
  if (paper.childElementCount) return;
  const sheet = sheets[number];
  if (sheet.i) {
    const image = make("img", { alt: `${nameOfSheet(sheet)} as an image`, decoding: "async", draggable: "false" });
    image.src = sourceOf(number);
    paper.append(image);
  }
  for (const [x, y, w, h, text] of sheet.t ?? []) {
    const word = write(make("span", { class: "word" }), text);
    setBox(word, [x, y, w, h]);
    word.style.fontSize = `${h * (sheet.h / sheet.w) * 78}cqw`;
    paper.append(word);
  }
  if (sheet.note) paper.append(write(make("p", { class: "note" }), sheet.note));
  for (const mark of marksOf[number]) {
    const element = make("div", { class: `mark ${tone(mark.field)}${mark.isFound ? " found" : ""}`, "data-field": mark.field.number, "data-which": mark.which });
    setBox(element, mark.box);
    paper.append(element);
  }
  paintMarks(paper);
}

const sourceOf = (number) => `data:image/webp;base64,${find(`image-${number}`).textContent}`;
const tone = (field) => (field.isFailed ? "bad" : field.isLow ? "weak" : "");

function clear(number) {
  papers[number].replaceChildren();
}

function setBox(element, [x, y, w, h]) {
  element.style.left = percentOf(x);
  element.style.top = percentOf(y);
  element.style.width = percentOf(w);
  element.style.height = percentOf(h);
}

const percentOf = (part) => `${(part * 100).toFixed(3)}%`;

function paintMarks(root = desk) {
  for (const mark of root.querySelectorAll(".mark")) {
    const isChosen = Number(mark.dataset.field) === state.chosen;
    mark.classList.toggle("chosen", isChosen);
    mark.classList.toggle("first", isChosen && Number(mark.dataset.which) === state.place);
  }
}

// Brings the place of the chosen field into view, and lets its boxes pulse.
function showPlace() {
  const place = fields[state.chosen]?.q?.[state.place];
  if (place?.g === undefined) return paintMarks();
  fill(place.g);
  const paper = papers[place.g];
  const [x, y, w, h] = place.b?.[0] ?? [0, 0, 1, 0];
  const top = paper.offsetTop + (y + h / 2) * paper.offsetHeight - desk.clientHeight * 0.4;
  const left = paper.offsetLeft + (x + w / 2) * paper.offsetWidth - desk.clientWidth / 2;
  desk.scrollTo({ top, left, behavior: isStill() ? "instant" : "smooth" });
  paintMarks();
  for (const mark of paper.querySelectorAll(".mark.first")) {
    mark.classList.remove("pulse");
    void mark.offsetWidth; // starts the animation again
    mark.classList.add("pulse");
  }
}

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The fields at a point of a page, smallest box first; clicking again goes through them.
function fieldAt(event) {
  const here = document.elementsFromPoint(event.clientX, event.clientY).filter((element) => element.classList.contains("mark"));
  if (!here.length) return null;
  here.sort((one, other) => one.offsetWidth * one.offsetHeight - other.offsetWidth * other.offsetHeight);
  const last = here.findIndex((mark) => Number(mark.dataset.field) === state.chosen);
  return here[(last + 1) % here.length].dataset;
}

function setZoom(value) {
  const middle = (desk.scrollTop + desk.clientHeight / 2) / desk.scrollHeight;
  zoom = value;
  desk.style.setProperty("--zoom", zoom);
  find("zoom-fit").textContent = percent(zoom);
  desk.scrollTop = middle * desk.scrollHeight - desk.clientHeight / 2;
}

function stepZoom(by) {
  const place = ZOOMS.indexOf(zoom);
  setZoom(ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, place + by))]);
}

function goToSheet(number) {
  if (!papers.length) return;
  const target = Math.max(0, Math.min(papers.length - 1, number));
  desk.scrollTo({ top: papers[target].offsetTop - 44, behavior: "instant" });
}

function noteCurrent() {
  const middle = desk.scrollTop + desk.clientHeight / 2;
  let low = 0;
  let high = papers.length - 1;
  while (low < high) {
    const half = (low + high + 1) >> 1;
    if (papers[half].offsetTop <= middle) low = half;
    else high = half - 1;
  }
  current = Math.max(low, 0);
  if (papers.length) find("page-choice").value = current;
}
