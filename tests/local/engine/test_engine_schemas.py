# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
"""Schemas of every supported keyword and size, and documents laid out from the schemas themselves."""

import copy
import io
import os
import random
from collections import Counter

import jsonschema
import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.open import parse_document

SEED = int(os.environ.get("EXTRACT_BRIDGE_SEED", "1"))
THINGS = (
    "valve orchard lantern harbour engine turbine meadow cabinet quarry vessel garden reactor pump bridge tower gallery barrel furnace "
    "canvas saddle mirror anchor basket carpet candle hammer ladder pillow kettle shovel trolley window hopper kiln loom press mill rotor "
    "sluice tunnel wagon yard silo crane dock ferry gate hedge hull jetty keel mast oven panel pier pond rail reef ridge roof"
).split()
QUALITIES = "inner outer upper lower front rear main spare northern southern eastern western first second third old new left right raw".split()
TEXT_HEADS = "owner colour maker material keeper model brand shape finish grade".split()
NUMBER_HEADS = "weight height width length pressure temperature volume depth speed capacity".split()
PROPER = "Ashby Corran Delmar Everly Foxton Garrow Hadley Istra Jorvik Kelso Lanark Mereth Norwell Orrin Penrith Quill Rowan Selby Tarrow".split()
WORDS = "amber bronze cedar dune ember flint garnet hazel ivory jade kelp linen maple north olive pearl quartz rust sand teal".split()
MOST_WORDED = 1_000
SYLLABLES = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrsx"][::4]
KINDS = "text text number integer boolean date email uri enum const code".split()
CELL_KINDS = "text number integer date code".split()
BIG_KINDS = "text number code".split()


class Maker:
    """One random schema with a value for each of its leaves, and how each is printed."""

    def __init__(self, seed: int, size: int) -> None:
        self.random = random.Random(seed)
        self.size = size
        self.left = size
        self.used: set[str] = set()
        self.defs: dict[str, dict] = {}
        self.printed: dict[tuple, str] = {}
        self.labels: dict[tuple, str] = {}

    def make(self) -> tuple[dict, dict]:
        schema, value = self._object((), 0, root=True)
        if self.defs:
            schema["$defs"] = self.defs
        return schema, value

    def _name(self, head: str) -> str:
        while True:
            if self.size > MOST_WORDED:  # 150,000 characters of schema leave six for a name
                word = self.random.choice(SYLLABLES) + self.random.choice(SYLLABLES)
                if word in self.used:
                    continue
                self.used.add(word)
                return word
            words = [self.random.choice(QUALITIES), self.random.choice(THINGS), head]
            if self.random.random() < 0.3:
                words = words[1:]
            spoken = " ".join(words)
            if spoken not in self.used:
                self.used.add(spoken)
                return spoken

    def _written(self, spoken: str) -> str:
        parts = spoken.split()
        style = self.random.randrange(3)
        if style == 0:
            return "_".join(parts)
        return parts[0] + "".join(part.title() for part in parts[1:]) if style == 1 else "-".join(parts)

    def _object(self, path: tuple, depth: int, *, root: bool = False) -> tuple[dict, dict]:
        properties, values = {}, {}
        most = self.left if root else min(self.left, self.random.randint(2, 8))
        used = 0
        while used < most and self.left > 0:
            before = self.left
            roll = self.random.random()
            if roll < 0.08 and depth < 3 and self.left > 3:
                spoken = self._name("section")
                name = self._written(spoken)
                self.labels[*path, name] = spoken
                self.left -= 1
                schema, value = self._object((*path, name), depth + 1)
            elif roll < 0.12 and root and self.left > 3 and self.size < MOST_WORDED:
                name, schema, value = self._rows(path)
            elif roll < 0.17 and root and self.size < MOST_WORDED:
                name, schema, value = self._list(path)
            else:
                name, schema, value = self._leaf(path)
            properties[name], values[name] = schema, value
            used += before - self.left
        schema = {"type": "object", "properties": properties}
        if self.random.random() < 0.5 and self.size < MOST_WORDED:
            schema["required"] = self.random.sample(sorted(properties), len(properties) // 2)
        return schema, values

    def _leaf(self, path: tuple, *, plain: bool = False) -> tuple[str, dict, object]:
        self.left -= 1
        plain = plain or self.size > MOST_WORDED
        kind = self.random.choice(
            KINDS if not plain else BIG_KINDS if self.size > MOST_WORDED else CELL_KINDS
        )
        schema, value, printed, head = getattr(self, f"_{kind}")()
        spoken = self._name(head)
        name = self._written(spoken)
        self.labels[*path, name] = spoken
        self.printed[*path, name] = printed
        return name, schema if plain else self._dressed(schema, spoken, (*path, name)), value

    def _dressed(self, schema: dict, spoken: str, path: tuple) -> dict:
        """The same type with other keywords."""
        roll = self.random.random()
        if roll < 0.15:
            schema = {"anyOf": [schema, {"type": "null"}]}
        elif roll < 0.25:
            schema = {"oneOf": [schema, {"type": "null"}]}
        elif roll < 0.35 and "type" in schema:
            schema = {**schema, "type": [schema["type"], "null"]}
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        elif roll < 0.42:
            schema = {"allOf": [schema]}
        elif roll < 0.5:
            name = f"Part{len(self.defs)}"
            self.defs[name] = schema
            schema = {"$ref": f"#/$defs/{name}"}
        elif roll < 0.55:
            schema = {**schema, "nullable": True}
        if self.random.random() < 0.15 and "$ref" not in schema:
            title = self._name("label")
            schema = {**schema, "title": title.capitalize()}
            self.labels[path] = title
        if self.random.random() < 0.2 and "$ref" not in schema:
            schema = {**schema, "description": f"The {spoken} of this record, as the inspector found it"}
        return schema

    def _text(self):
        value = " ".join(self.random.sample(PROPER, self.random.randint(1, 3)))
        return {"type": "string"}, value, value, self.random.choice(TEXT_HEADS)

    def _code(self):
        value = f"{self.random.choice('ABKXZ')}{self.random.randint(10, 99)}-{self.random.randint(100, 9999)}"
        return {"type": "string"}, value, value, self.random.choice(("code", "number", "reference"))

    def _number(self):
        value = self.random.randint(100, 9_999_999) / 100
        return {"type": "number"}, value, f"{value:,.2f}", self.random.choice(NUMBER_HEADS)

    def _integer(self):
        value = self.random.randint(2, 999)
        return {"type": "integer"}, value, str(value), "count"

    def _boolean(self):
        value = self.random.random() < 0.5
        return (
            {"type": "boolean"},
            value,
            self.random.choice(("Yes", "true") if value else ("No", "false")),
            "check",
        )

    def _date(self):
        year, month, day = (
            self.random.randint(1990, 2030),
            self.random.randint(1, 12),
            self.random.randint(1, 28),
        )
        months = (
            "January February March April May June July August September October November December".split()
        )
        forms = (
            f"{year}-{month:02}-{day:02}",
            f"{day} {months[month - 1]} {year}",
            f"{months[month - 1]} {day}, {year}",
        )
        return (
            {"type": "string", "format": "date"},
            f"{year}-{month:02}-{day:02}",
            self.random.choice(forms),
            "date",
        )

    def _email(self):
        value = f"{self.random.choice(WORDS)}.{self.random.randint(1, 999)}@example.org"
        return {"type": "string", "format": "email"}, value, value, "contact"

    def _uri(self):
        value = f"https://example.org/{self.random.choice(WORDS)}/{self.random.randint(1, 999)}"
        return {"type": "string", "format": "uri"}, value, value, "page"

    def _enum(self):
        choices = self.random.sample(WORDS, 4)
        value = self.random.choice(choices)
        return (
            {"type": "string", "enum": choices},
            value,
            value.upper() if self.random.random() < 0.3 else value,
            "state",
        )

    def _const(self):
        value = self.random.choice(WORDS)
        return {"const": value}, value, value, "kind"

    def _rows(self, path: tuple) -> tuple[str, dict, list]:
        spoken = self._name("table")
        name = self._written(spoken)
        self.labels[*path, name] = spoken
        self.left -= 1
        columns = {}
        count = self.random.randint(2, 5)
        first = [self._leaf((*path, name, 0), plain=True) for _ in range(self.random.randint(2, 4))]
        columns = {key: schema for key, schema, _ in first}
        rows = [{key: value for key, _, value in first}]
        for at in range(1, count):
            row = {}
            for key, schema, _ in first:
                kind = schema["type"] if schema.get("format") != "date" else "date"
                kind = (
                    "code"
                    if kind == "string" and "-" in str(rows[0][key])
                    else "text"
                    if kind == "string"
                    else kind
                )
                _, row[key], self.printed[*path, name, at, key], _ = getattr(self, f"_{kind}")()
            rows.append(row)
        items = {"type": "object", "properties": columns}
        return name, {"type": "array", "items": items}, rows

    def _list(self, path: tuple) -> tuple[str, dict, list]:
        spoken = self._name("notes")
        name = self._written(spoken)
        self.labels[*path, name] = spoken
        self.left -= 1
        values = self.random.sample(WORDS, self.random.randint(2, 5))
        for at, value in enumerate(values):
            self.printed[*path, name, at] = value
        item = {"type": "string"}
        schema = (
            {"type": "array", "items": item}
            if self.random.random() < 0.7
            else {"type": "array", "prefixItems": [item, item]}
        )
        return name, schema, values


class Layout:
    """A document that states every value beside, right of or under its label."""

    def __init__(self, maker: Maker, value: dict, style: int) -> None:
        self.maker, self.style = maker, style
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(595, 842), invariant=True)
        self.y = 800.0
        self._object(value, ())
        self.canvas.save()

    def _room(self, needed: float) -> None:
        if self.y - needed < 40:
            self.canvas.showPage()
            self.y = 800.0

    def _label(self, path: tuple) -> str:
        spoken = self.maker.labels[path]
        return spoken.title() if self.style % 2 else spoken.capitalize()

    def _object(self, value: dict, path: tuple) -> None:
        pairs = [(key, item) for key, item in value.items() if not isinstance(item, dict | list)]
        if self.style == 3:
            for at in range(0, len(pairs), 2):
                self._room(20)
                for column, (key, _) in enumerate(pairs[at : at + 2]):
                    self._text(
                        50 + 265 * column, f"{self._label((*path, key))}: {self.maker.printed[*path, key]}"
                    )
                self.y -= 20
        else:
            for key, _ in pairs:
                self._pair(self._label((*path, key)), self.maker.printed[*path, key])
        for key, item in value.items():
            if isinstance(item, dict):
                self._heading(self._label((*path, key)))
                self._object(item, (*path, key))
            elif isinstance(item, list) and item and isinstance(item[0], dict):
                self._table((*path, key), item)
            elif isinstance(item, list):
                self._list((*path, key), item)

    def _text(self, x: float, text: str, *, bold: bool = False, size: int = 9) -> None:
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawString(x, self.y, text)

    def _pair(self, label: str, printed: str) -> None:
        self._room(34)
        if self.style == 0:
            self._text(50, f"{label}: {printed}")
        elif self.style == 1:
            self._text(50, label, bold=True)
            self._text(290, printed)
        else:
            self._text(50, label, bold=True, size=7)
            self.y -= 11
            self._text(50, printed)
        self.y -= 20

    def _heading(self, text: str) -> None:
        self._room(60)
        self.y -= 12
        self._text(50, text, bold=True, size=13)
        self.y -= 22

    def _table(self, path: tuple, rows: list) -> None:
        self._room(40 + 16 * len(rows))
        self.y -= 20
        keys = list(rows[0])
        for column, key in enumerate(keys):
            self._text(50 + 125 * column, self._label((*path, 0, key)), bold=True, size=7)
        self.y -= 14
        for at in range(len(rows)):
            for column, key in enumerate(keys):
                self._text(50 + 125 * column, self.maker.printed[*path, at, key], size=8)
            self.y -= 14
        self.y -= 20

    def _list(self, path: tuple, values: list) -> None:
        self._room(30 + 14 * len(values))
        if self.style % 2:
            self._text(50, f"{self._label(path)}: {', '.join(values)}")
            self.y -= 20
            return
        self.y -= 10
        self._text(50, self._label(path), bold=True, size=10)
        for value in values:
            self.y -= 14
            self._text(58, f"• {value}")
        self.y -= 30


def run(seed: int, size: int, folder, *, strict: bool = False):
    """The normal form, the values, and the record of the document laid out from them."""
    maker = Maker(seed, size)
    schema, values = maker.make()
    path = folder / f"{seed}.pdf"
    path.write_bytes(Layout(maker, values, seed % 4).buffer.getvalue())
    normal = normalize_schema(schema).json_schema
    request = ExtractRequest(data_schema=normal, strict_nulls=strict)
    (record,) = RulesEngine().extract(parse_document(path, name=path.name), request)
    return normal, values, record


def nullable(schema: dict) -> dict:
    """A schema with every leaf made nullable."""
    schema = copy.deepcopy(schema)
    kinds = schema.get("type")
    if isinstance(schema.get("properties"), dict):
        schema["properties"] = {key: nullable(item) for key, item in schema["properties"].items()}
    elif kinds == "array":
        schema["items"] = nullable(schema["items"])
    elif "anyOf" not in schema:
        schema["type"] = [*(kinds if isinstance(kinds, list) else [kinds]), "null"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    return schema


def leaves(value, path=()):
    """Every scalar below a value, with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for key, item in enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path, value


def check_shape(normal: dict, data: dict) -> None:
    """The data are valid, and lists and objects are there though nothing was found for them."""
    jsonschema.Draft202012Validator(nullable(normal)).validate(data)

    def walk(schema: dict, value) -> None:
        if isinstance(schema.get("properties"), dict):
            assert list(value) == list(schema["properties"])
            for key, item in schema["properties"].items():
                walk(item, value[key])
        elif schema.get("type") == "array":
            assert isinstance(value, list)

    walk(normal, data)


def score(seed: int, size: int, folder) -> Counter:
    """How many leaves were stated, and how many of them read right."""
    normal, values, record = run(seed, size, folder)
    check_shape(normal, record.data)
    found = dict(leaves(record.data))
    counts: Counter = Counter()
    for path, value in leaves(values):
        counts["stated"] += 1
        counts["right"] += found.get(path) == value
        counts["false"] += found.get(path) not in (value, None)
    return counts


@pytest.mark.parametrize("size", [1, 12, 60, 369])
def test_what_a_schema_laid_out_states_is_found(size, tmp_path):
    counts: Counter = Counter()
    for seed in range(8 if size < 369 else 4):
        counts += score(SEED * 10_000 + seed, size, tmp_path)
    assert counts["right"] >= 0.9 * counts["stated"], counts
    assert counts["false"] <= 0.05 * counts["stated"], counts


@pytest.mark.parametrize("seed", range(12))
def test_nothing_found_still_has_the_schemas_shape(seed, tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("Nothing of the kind.\n", encoding="utf-8")
    schema, _ = Maker(SEED * 10_000 + seed, 60).make()
    normal = normalize_schema(schema).json_schema
    (record,) = RulesEngine().extract(
        parse_document(path, name=path.name), ExtractRequest(data_schema=normal)
    )
    check_shape(normal, record.data)
    assert [value for _, value in leaves(record.data) if value is not None] == []
    assert all(item.reasoning for item in record.fields.values())


def test_strict_nulls_warns_of_what_is_required_and_missing(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("Valve colour: Ashby\n", encoding="utf-8")
    inner = {"type": "object", "properties": {"kiln_code": {"type": "string"}}, "required": ["kiln_code"]}
    properties = {
        "valve_colour": {"type": "string"},
        "hull_owner": {"type": "string"},
        "gate_owner": {"type": "string"},
    }
    schema = {
        "type": "object",
        "properties": {**properties, "inner": inner},
        "required": ["valve_colour", "hull_owner", "inner"],
    }
    document = parse_document(path, name=path.name)
    (record,) = RulesEngine().extract(document, ExtractRequest(data_schema=schema, strict_nulls=True))
    assert record.data["valve_colour"] == "Ashby"
    assert [text for text in record.warnings if "required" in text] == [
        "/hull_owner: required by the schema, and not found in the document",
        "/inner/kiln_code: required by the schema, and not found in the document",
    ]
    (quiet,) = RulesEngine().extract(document, ExtractRequest(data_schema=schema))
    assert not any("required" in text for text in quiet.warnings)
