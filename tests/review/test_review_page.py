"""The file: its policy, its data, its pages, and what it says of documents that are missing, changed or broken."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from PIL import Image

from extract_bridge import (
    Citation,
    ConfigurationError,
    ExtractedField,
    ExtractedRecord,
    FileInputError,
    ResultError,
    Review,
    review,
)


class Parts(HTMLParser):
    """The elements that can hold or load anything."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._within = tag if tag in self.texts else ""
        if self._within:
            self.texts[tag].append("")

    def handle_data(self, data):
        if self._within:
            self.texts[self._within][-1] += data

    def handle_endtag(self, tag):
        self._within = ""


def data_of(made: Review) -> dict:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', made.html, re.DOTALL)
    return json.loads(text)


def images_of(made: Review) -> list[bytes]:
    found = re.findall(r'<script type="text/plain" id="image-\d+">(.*?)</script>', made.html)
    return [base64.b64decode(text) for text in found]


@pytest.fixture(scope="module")
def page(scenes) -> Review:
    scene = scenes.single({"number": "INV-7", "seller": "Juniper Optics", "total": 12.5, "due": None})
    return review(scene.records, documents=scene.documents)


def test_nothing_but_our_own_style_and_script_may_run(page: Review) -> None:
    parts = Parts(page.html)
    (policy,) = [
        tag["content"] for name, tag in parts.tags if tag.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy
    hashed = [
        "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
        for text in (parts.texts["style"][0], parts.texts["script"][-1])
    ]
    assert [rules["style-src"], rules["script-src"]] == hashed
    assert not [
        tag for name, tag in parts.tags if "src" in tag or name in ("link", "iframe", "object", "base")
    ]
    assert not [name for _, tag in parts.tags for name in tag if name.startswith("on") or name == "style"]


def test_our_script_never_makes_markup_of_text() -> None:
    folder = files("extract_bridge.review").joinpath("assets")
    scripts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".js")}
    assert len(scripts) == 7
    for name, text in scripts.items():
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "Function(",
            "fetch(",
            "http:",
            "https:",
            "import(",
        ):
            assert word not in text.replace("http://www.w3.org/2000/svg", ""), (name, word)


def test_a_page_with_one_document_page_is_small(page: Review) -> None:
    assert page.pages == 1
    assert len(page.html.encode()) < 400_000


def test_pages_are_pictures(page: Review) -> None:
    (image,) = images_of(page)
    with Image.open(io.BytesIO(image)) as picture:
        assert picture.format == "WEBP"
        assert picture.width / picture.height == pytest.approx(595 / 842, abs=0.01)


def test_every_field_is_there_with_its_place(page: Review) -> None:
    fields = {field["p"]: field for field in data_of(page)["fields"]}
    assert {name: field["v"] for name, field in fields.items()} == {
        "/number": "INV-7", "/seller": "Juniper Optics", "/total": 12.5, "/due": None
    }  # fmt: skip
    (place,) = fields["/number"]["q"]
    assert (place["n"], place["t"]) == (1, "INV-7")
    assert place["b"] == [[pytest.approx(60 / 595, abs=1e-4), pytest.approx(51 / 842, abs=1e-4), pytest.approx(0.0429, abs=5e-3), pytest.approx(11 / 842, abs=1e-4)]]  # fmt: skip
    assert fields["/due"]["why"] == "The row has no text in this column."


def test_hostile_text_stays_text(scenes) -> None:
    scene = scenes.hostile()
    made = review(scene.records, documents=scene.pdf)
    names = [name for name, _ in Parts(made.html).tags]
    assert names.count("script") == 3  # data, one image, ours
    assert "img" not in names
    told = {field["p"]: field["v"] for field in data_of(made)["fields"]}
    assert list(told.values()) == list(scenes.HOSTILE.values())
    made.html.encode()  # a lone surrogate stands there as JSON writes it


def test_whole_numbers_that_a_browser_would_round_are_text_besides() -> None:
    record = ExtractedRecord(data={"id": 2**60 + 1}, fields={})
    (field,) = data_of(review(record))["fields"]
    assert field["big"] == "1152921504606846977"


def test_a_leaf_without_a_field_is_shown_too() -> None:
    record = ExtractedRecord(
        data={"a": 1, "b": {"c": "x"}}, fields={"/gone": ExtractedField(pointer="/gone", value="left")}
    )
    assert [field["p"] for field in data_of(review(record))["fields"]] == ["/a", "/b/c", "/gone"]


def test_no_citations_and_no_boxes(scenes) -> None:
    scene = scenes.single({"number": "INV-7"})
    bare = replace(scene.records[0], fields={"/number": ExtractedField(pointer="/number", value="INV-7")})
    made = review([bare], documents=scene.documents)
    assert made.pages == 1  # better the first pages than none
    no_box = replace(
        bare,
        fields={"/number": ExtractedField(pointer="/number", value="INV-7", citations=(Citation(page=1),))},
    )
    (field,) = data_of(review([no_box], documents=scene.documents))["fields"]
    assert field["q"] == [{"n": 1, "g": 0}]


def test_only_cited_pages_are_shown_unless_all_are_asked_for(scenes) -> None:
    scene = scenes.table(9, each=3)
    cited = [record for record in scene.records if record.page != 2]
    assert [sheet["n"] for sheet in data_of(review(cited, documents=scene.documents))["sheets"]] == [1, 3]
    assert review(cited, documents=scene.documents, pages="all").pages == 3


def test_pages_beyond_the_size_limit_say_so(scenes) -> None:
    scene = scenes.table(6, each=2)
    whole = review(scene.records, documents=scene.documents)
    sizes = [len(base64.b64encode(image)) for image in images_of(whole)]
    small = review(scene.records, documents=scene.documents, max_bytes=sizes[0] + 1)
    assert len(images_of(small)) == 1
    assert "max_bytes" in data_of(small)["sheets"][1]["note"]
    assert [sheet["n"] for sheet in data_of(small)["sheets"]] == [1, 2, 3]


def test_a_file_that_was_extracted_here_needs_no_naming(scenes, tmp_path) -> None:
    scene = scenes.single({"number": "INV-7"})
    path = tmp_path / "in.pdf"
    path.write_bytes(scene.pdf)
    (record,) = scene.records
    assert review(replace(record, source=str(path))).pages == 1
    path.write_bytes(scene.pdf + b"%")
    assert review(replace(record, source=str(path))).pages == 0


def test_a_missing_document_is_named(scenes) -> None:
    made = review(scenes.single({"number": "INV-7"}).records)
    assert (made.pages, made.fields) == (0, 1)
    assert made.notes == (f"scene.pdf: {data_of(made)['documents'][0]['note']}",)
    assert "not found" in made.notes[0]


def test_a_changed_document_is_shown_with_a_warning(scenes) -> None:
    scene = scenes.single({"number": "INV-7"})
    other = scenes.single({"number": "INV-8"})
    made = review(scene.records, documents=other.pdf)
    assert made.pages == 1
    assert data_of(made)["documents"][0]["state"] == "changed"
    assert "SHA-256" in made.notes[0]


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing of it", b"\x00\x01", b""])
def test_a_document_that_cannot_be_opened_says_why(scenes, data: bytes) -> None:
    made = review(scenes.single({"number": "INV-7"}).records, documents={"scene.pdf": data})
    assert made.pages == 0
    assert "cannot be shown" in made.notes[0]


def test_a_page_that_is_not_there_is_a_failed_check(scenes) -> None:
    scene = scenes.single({"number": "INV-7"})
    (field,) = scene.records[0].fields.values()
    beyond = replace(
        scene.records[0], fields={"/number": replace(field, citations=(replace(field.citations[0], page=9),))}
    )
    told = data_of(review([beyond], documents=scene.documents))
    assert told["fields"][0]["k"][0] == ["fail", "Cites page 9, and the document has 1"]
    assert "cannot be shown" in told["sheets"][0]["note"]


def test_text_documents_are_shown_as_their_words() -> None:
    record = ExtractedRecord(
        data={"n": "7"},
        fields={"/n": ExtractedField(pointer="/n", value="7", citations=(Citation(page=1, quote="7"),))},
        file_name="a.txt",
    )
    (sheet,) = data_of(review(record, documents=b"number 7"))["sheets"]
    assert [word[4] for word in sheet["t"]] == ["number", "7"]


def test_it_is_written_whole_or_not_at_all(scenes, tmp_path) -> None:
    scene = scenes.single({"number": "INV-7"})
    made = review(scene.records, tmp_path / "page.html", documents=scene.documents)
    assert made.path == tmp_path / "page.html"
    assert made.path.read_text("utf-8") == made.html
    assert [item.name for item in tmp_path.iterdir()] == ["page.html"]
    with pytest.raises(ConfigurationError, match="cannot write there"):
        review(scene.records, tmp_path / "no" / "page.html")


def test_notebooks_get_a_frame_that_can_reach_nothing(page: Review) -> None:
    ((name, frame),) = Parts(page._repr_html_()).tags
    assert (name, frame["sandbox"]) == ("iframe", "allow-scripts allow-downloads")
    assert frame["srcdoc"] == page.html


def test_its_repr_has_no_document_text(page: Review) -> None:
    assert repr(page) == "Review(path=None, records=1, fields=4, pages=1)"


def test_the_name_is_a_function_whatever_was_imported_before() -> None:
    import extract_bridge.review.items  # binds the package to the very same name

    made = extract_bridge.review([ExtractedRecord(data={"a": 1}, fields={})])
    assert made.fields == 1


@pytest.mark.parametrize(
    "keywords", [{"pages": "some"}, {"min_confidence": 2}, {"max_bytes": -1}, {"dpi": 5}], ids=str
)
def test_keywords_that_make_no_sense(keywords) -> None:
    with pytest.raises(ConfigurationError):
        review([], **keywords)


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(ResultError, match="entry 2"):
        review([ExtractedRecord(data={}, fields={}), {"some": "thing"}])
    with pytest.raises(ResultError):
        review(object())


def test_a_document_that_was_named_must_be_there(scenes, tmp_path) -> None:
    with pytest.raises(FileInputError, match="cannot be read"):
        review(scenes.single({"a": "b"}).records, documents=tmp_path / "gone.pdf")
