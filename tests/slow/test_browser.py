"""The review page in a real Chromium: what a person does with it, and that nothing in a document can do anything.

Every page that a test opens is watched: a request, a dialog, a message on the console or a touched sentinel fails the test.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from extract_bridge import correct_records, review

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("EXTRACT_BRIDGE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium in PATH, and EXTRACT_BRIDGE_CHROMIUM names none"
    ),
    pytest.mark.skipif(find_spec("playwright") is None, reason="playwright is not installed"),
]


@pytest.fixture(scope="module")
def scenes() -> ModuleType:
    path = Path(__file__).parents[1] / "review" / "scenes.py"
    spec = spec_from_file_location("review_scenes_slow", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    import pytest_socket
    from playwright.sync_api import sync_playwright

    pytest_socket.enable_socket()
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET) as browser,
    ):
        yield browser


@dataclass
class Watched:
    """What a page did that none may do."""

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def check(self) -> None:
        assert self.requests == []
        assert self.said == []
        assert self.dialogs == []
        assert self.page.evaluate("window.pwned") is None


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """`visit(scene, width=…, scheme=…)` -> a page that shows its review."""
    opened: list[Watched] = []
    contexts = []

    def visit(
        scene: Any, *, width: int = 1280, scheme: str = "light", html: str | None = None, **keywords: Any
    ) -> Page:
        path = tmp_path / f"review-{len(opened)}.html"
        if html is None:
            review(scene.records, path, documents=scene.documents, **keywords)
        else:
            path.write_text(html, "utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        seen = Watched(page)
        opened.append(seen)
        page.on(
            "request",
            lambda request: request.url != path.as_uri() and seen.requests.append(request.url[:200]),
        )
        page.on("console", lambda message: seen.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: seen.said.append(str(error)))
        page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        page.wait_for_selector("#rows .row, #nothing:not([hidden])", state="attached")
        return page

    visit.opened = opened
    yield visit
    for seen in opened:
        seen.check()
    for context in contexts:
        context.close()


def field_row(page: Page, pointer: str) -> Any:
    """The row or cell of a field that is drawn."""
    number = number_of(page, pointer)
    return page.locator(f"#field-{number}")


def number_of(page: Page, pointer: str, record: int = 0) -> int:
    return page.evaluate(
        "([pointer, record]) => JSON.parse(document.getElementById('data').textContent).fields"
        ".findIndex(field => field.p === pointer && field.r === record)",
        [pointer, record],
    )


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def heading(page: Page) -> str:
    return page.locator("#inspector .path").inner_text()


def within(page: Page, inner: str, outer: str) -> bool:
    """Whether the middle of one element is inside another one."""
    return page.evaluate(
        """([inner, outer]) => {
            const a = document.querySelector(inner).getBoundingClientRect();
            const b = document.querySelector(outer).getBoundingClientRect();
            const [x, y] = [a.left + a.width / 2, a.top + a.height / 2];
            return x >= b.left && x <= b.right && y >= b.top && y <= b.bottom;
        }""",
        [inner, outer],
    )


# Fields and places


def test_a_field_leads_to_its_place(visit, scenes) -> None:
    page = visit(scenes.many_pages(12))
    page.fill("#search", "Section 11")
    page.locator(".cell[data-field]").first.click()
    assert heading(page) == "sections[10].title"
    page.wait_for_selector(".mark.chosen.first.pulse")
    page.wait_for_function("document.querySelector('.mark.first').getBoundingClientRect().top > 100")
    assert within(page, ".mark.chosen.first", "#sheets")
    assert page.locator("#page-choice").input_value() == "10"


def test_a_place_leads_to_its_field(visit, scenes) -> None:
    page = visit(scenes.table(80, target="per_doc"))
    page.select_option("#page-choice", "1")
    number = number_of(page, "/items/75/code")
    mark = page.locator(f'.mark[data-field="{number}"]')
    mark.scroll_into_view_if_needed()
    mark.click()
    assert heading(page) == "items[75].code"
    assert page.locator(f"#field-{number}.chosen").count() == 1
    assert within(page, f"#field-{number}", "#list")


def test_several_places_of_one_value(visit, scenes) -> None:
    from dataclasses import replace

    scene = scenes.many_pages(3)
    (record,) = scene.records
    one, *others = record.fields.values()
    both = replace(one, citations=(*one.citations, *others[-1].citations))
    page = visit(replace(scene, records=[replace(record, fields={**record.fields, one.pointer: both})]))
    field_row(page, one.pointer).click()
    assert page.locator(".place").all_inner_texts() == ["Page 1\nSection 1", "Page 3\nSection 3"]
    page.locator(".place").nth(1).click()
    page.wait_for_function("document.getElementById('page-choice').value === '2'")
    assert page.locator(".mark.first").count() >= 1


@pytest.mark.parametrize("name", ["single", "rotated"])
def test_a_box_is_where_the_ink_is(visit, scenes, name: str) -> None:
    """The page holds one word: all ink must be inside its box, and the box must not be much larger."""
    scene = scenes.rotated() if name == "rotated" else scenes.single({"word": "TURNED"})
    page = visit(scene)
    paper, box = (page.locator(selector).bounding_box() for selector in (".paper", ".paper .mark"))
    press(page, "b")
    page.evaluate("document.querySelectorAll('.mark').forEach(mark => { mark.style.visibility = 'hidden' })")
    shot = Image.open(
        io.BytesIO(page.screenshot(clip={**paper, "height": min(paper["height"], 800 - paper["y"])}))
    )
    dark = shot.convert("L").point(lambda value: 255 if value < 140 else 0).getbbox()
    assert dark is not None
    left, top, right, bottom = dark
    x, y = box["x"] - paper["x"], box["y"] - paper["y"]
    assert x - 1 <= left <= right <= x + box["width"] + 1
    assert y - 1 <= top <= bottom <= y + box["height"] + 1
    assert (right - left) > 0.6 * box["width"] - 8
    assert (bottom - top) > 0.4 * box["height"] - 8


def test_boxes_that_lie_on_each_other_are_gone_through(visit, scenes) -> None:
    from dataclasses import replace

    scene = scenes.single({"word": "SAME", "again": "SAME"})
    (record,) = scene.records
    word, again = record.fields.values()
    page = visit(
        replace(
            scene,
            records=[
                replace(record, fields={"/word": word, "/again": replace(again, citations=word.citations)})
            ],
        )
    )
    seen = set()
    for _ in range(3):
        page.locator(".paper .mark").first.click(force=True)
        seen.add(heading(page))
    assert seen == {"word", "again"}


# Filters, search, keys


def test_filters_and_search(visit, scenes) -> None:
    scene = scenes.table(40)
    page = visit(scene)
    low = [r.row for r in scene.records if r["/amount"].confidence == 0.41]
    missing = [r.row for r in scene.records if r["/name"].value is None]

    def rows() -> list[int]:
        return [int(text) - 1 for text in page.locator(".row.cells .head").all_inner_texts()]

    page.click('[data-filter="low"]')
    assert rows() == low
    page.click('[data-filter="missing"]')
    assert rows() == missing
    page.click('[data-filter="failed"]')
    assert page.locator("#nothing").is_visible()
    page.click("#show-all")
    assert page.locator('[data-filter="all"]').get_attribute("aria-pressed") == "true"
    page.fill("#search", "part 23 of")
    assert rows() == [23]
    assert page.locator("#live").inner_text() == "1 match"
    page.locator("#search").press("Escape")
    assert page.locator("#search").input_value() == ""


def test_a_failed_check_is_found_and_named(visit, scenes) -> None:
    scene = scenes.single({"number": "7", "state": "shut"}, warnings=("/number: read twice",))
    schema = {"type": "object", "properties": {"state": {"type": "string", "enum": ["open", "closed"]}}}
    page = visit(scene, data_schema=schema)
    page.click('[data-filter="failed"]')
    assert page.locator(".row.field .name .text").all_inner_texts() == ["Number", "State"]
    press(page, "j")
    field_row(page, "/state").click()
    assert "Not one of the values that the schema allows" in page.locator(".checks .fail").inner_text()
    press(page, "e")
    assert page.locator("#edit-value option").all_inner_texts() == ["open", "closed"]


def test_keys(visit, scenes) -> None:
    page = visit(scenes.single({"a": "one", "b": "two", "c": "three", "d": None}))
    field_row(page, "/a").click()
    press(page, "j")
    assert heading(page) == "b"
    press(page, "k")
    assert heading(page) == "a"
    press(page, "a")  # and on to the next
    assert heading(page) == "b"
    press(page, "x")
    assert heading(page) == "b"
    assert page.locator("#inspector .now").inner_text() == "Rejected: no value"
    press(page, "u")
    assert page.locator("#inspector .now").inner_text() == "two"
    press(page, "n")
    assert heading(page) == "d"
    press(page, "ArrowUp")
    assert heading(page) == "c"
    press(page, "e")
    page.locator("#edit-value").fill("drei")
    press(page, "Enter")
    assert page.locator("#inspector .now").inner_text() == "drei"
    assert page.locator("#inspector .before").inner_text() == "Was three"
    assert page.evaluate("document.activeElement.id") == "rows"
    press(page, "?")
    assert page.locator("#help").is_visible()
    press(page, "a")  # keys are off while a dialog is open
    page.locator("#help .primary").click()
    page.locator("#help-open").click()
    page.uncheck("#keys-on")
    page.locator("#help .primary").click()
    press(page, "x")
    assert heading(page) == "c"
    assert page.locator('[data-filter="decided"] .count').inner_text() == "2"


def test_arrows_move_in_a_grid(visit, scenes) -> None:
    page = visit(scenes.table(6))
    page.locator("#rows").focus()
    page.locator(f"#field-{number_of(page, '/code', 1)}").click()
    for key, pointer, record in (
        ("ArrowRight", "name", 1), ("ArrowDown", "name", 2), ("ArrowLeft", "code", 2), ("ArrowUp", "code", 1)
    ):  # fmt: skip
        press(page, key)
        chosen = page.locator(".cell.chosen").get_attribute("id")
        assert chosen == f"field-{number_of(page, f'/{pointer}', record)}"
        assert page.locator("#rows").get_attribute("aria-activedescendant") == chosen


def test_numbers_are_numbers(visit, scenes) -> None:
    page = visit(scenes.single({"total": 12.5}))
    field_row(page, "/total").dblclick()
    for typed in ("twelve", "1,5", "1e999", "0x10", "", "12345678901234567890"):
        page.locator("#edit-value").fill(typed)
        press(page, "Enter")
        assert "Type a number" in page.locator("#edit-problem").inner_text()
    page.locator("#edit-value").fill(" 13.25 ")
    press(page, "Enter")
    assert page.locator("#inspector .now").inner_text() == "13.25"
    press(page, "e")
    press(page, "Escape")
    assert page.locator("#edit-value").count() == 0


def test_what_is_heard(visit, scenes) -> None:
    page = visit(scenes.single({"total_due": 12.5, "gone": None}))
    field_row(page, "/total_due").click()
    assert page.locator("#live").inner_text() == "Total due, 12.5, 95% sure, page 1"
    press(page, "a")
    page.wait_for_function("document.getElementById('live').textContent.includes('Gone')")


# Corrections


def save(page: Page, reviewer: str = "") -> dict[str, Any]:
    press(page, "s")
    page.fill("#reviewer", reviewer)
    with page.expect_download() as waiting:
        page.click("#save-file")
    assert waiting.value.suggested_filename == "corrections.json"
    return json.loads(Path(waiting.value.path()).read_text("utf-8"))


def test_decisions_become_corrected_records(visit, scenes, tmp_path: Path) -> None:
    scene = scenes.table(30, target="per_doc")
    page = visit(scene)
    field_row(page, "/items/0/amount").click()
    press(page, "e")
    page.locator("#edit-value").fill("99.5")
    press(page, "Enter")
    field_row(page, "/items/1/name").click()
    press(page, "x")
    field_row(page, "/items/2/code").click()
    press(page, "a")
    told = save(page, "Ada <b>Lovelace</b>")
    (done,) = correct_records(scene.records, told)
    assert done.data["items"][0]["amount"] == 99.5
    assert done.data["items"][1]["name"] is None
    assert {pointer: item.extra["correction"]["action"] for pointer, item in done.fields.items() if item.extra} == {
        "/items/0/amount": "edit", "/items/1/name": "reject", "/items/2/code": "accept"
    }  # fmt: skip
    assert done["/items/0/amount"].extra["correction"]["by"] == "Ada <b>Lovelace</b>"

    (tmp_path / "c.json").write_text(json.dumps(told), "utf-8")
    again = visit(scene)
    press(again, "s")
    again.set_input_files("#load-file", tmp_path / "c.json")
    again.wait_for_function("document.getElementById('save-count').textContent === '3'")
    assert save(again)["records"] == told["records"]
    corrected = visit(scenes.Scene(scene.pdf, [done]))
    field_row(corrected, "/items/0/amount").click()
    assert "edit by Ada <b>Lovelace</b>" in corrected.locator("#inspector").inner_text()


def test_corrections_for_something_else_are_refused(visit, scenes, tmp_path: Path) -> None:
    page = visit(scenes.single({"a": "one"}))
    field_row(page, "/a").click()
    press(page, "x")
    told = save(page)
    other = visit(scenes.single({"a": "two"}))
    for text, said in (
        (json.dumps(told), "for other records"),
        ("{", "no file of corrections"),
        ("[]", "no file of corrections"),
    ):
        (tmp_path / "c.json").write_text(text, "utf-8")
        if not other.locator("#save").is_visible():
            press(other, "s")
        other.set_input_files("#load-file", tmp_path / "c.json")
        other.wait_for_function(
            "said => document.getElementById('save-problem').textContent.includes(said)", arg=said
        )
    assert other.locator('[data-filter="decided"] .count').inner_text() == "0"


# Long documents


def test_a_long_table_keeps_few_rows(visit, scenes, browser, capsys) -> None:
    page = visit(scenes.table(3000, each=45), max_bytes=2_000_000, dpi=50)
    most = 0
    for part in (0, 0.1, 0.25, 0.5, 0.77, 0.999, 1, 0.3):
        page.evaluate(
            "part => { const list = document.getElementById('list'); list.scrollTop = part * list.scrollHeight }",
            part,
        )
        page.wait_for_timeout(150)
        most = max(most, page.locator("#rows [role=row]").count())
        assert page.locator("#rows [role=row]").count() > 5
        assert within(
            page, f"#rows [role=row]:nth-child({page.locator('#rows [role=row]').count() // 2})", "#list"
        )
    with capsys.disabled():
        print(f"\nfigure: Chromium {browser.version}: at most {most} row elements of a table of 3000 rows")
    assert most <= 300
    page.evaluate("document.getElementById('list').scrollTop = 1e9")
    page.wait_for_function("document.querySelector('#rows').lastElementChild.textContent.includes('A-02999')")
    page.fill("#search", "A-01234")
    assert page.locator(".row.cells").count() == 1


def test_three_hundred_pages(visit, scenes, capsys) -> None:
    page = visit(scenes.many_pages(300), dpi=60)
    assert page.locator(".paper").count() == 300
    most = page.locator(".paper img").count()
    for number in ("40", "150", "299"):
        page.select_option("#page-choice", number)
        page.wait_for_selector(f'.paper[data-sheet="{number}"] img')
        most = max(most, page.locator(".paper img").count())
    with capsys.disabled():
        print(f"\nfigure: at most {most} page images of 300 in the document at once")
    assert most <= 12
    press(page, "PageUp")
    page.wait_for_function("document.getElementById('page-choice').value === '298'")
    assert (
        page.evaluate(
            "Promise.all([...document.querySelectorAll('.paper img')].map(image => image.decode()))"
        )
        is not None
    )


# Hostile documents


def test_nothing_in_a_document_does_anything(visit, scenes) -> None:
    page = visit(scenes.hostile())
    before = page.evaluate("document.querySelectorAll('*').length")
    for number in range(len(scenes.HOSTILE)):
        page.evaluate("number => document.getElementById('list').scrollTop = number * 42", number)
        page.wait_for_selector(f"#field-{number}")
        page.locator(f"#field-{number}").click(position={"x": 60, "y": 10})
        press(page, "e")
        press(page, "Enter")  # kept as it is
    for key in ("s", "Escape", "?", "Escape", "t", "b"):
        press(page, key)
    save(page, "</script>")
    assert before > 100
    assert page.locator("a:not(.skip)").count() == 0
    assert page.locator("body script").count() == 3
    assert page.evaluate("[...document.images].every(image => image.src.startsWith('data:image/webp'))")
    assert page.evaluate("Object.prototype.polluted") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.title() == "Review: </title><script>window.pwned = 6</script>.pdf"


def test_what_cannot_be_seen_is_named(visit, scenes) -> None:
    page = visit(scenes.hostile())
    shown = {}
    for name in ("escape", "direction", "unseen", "surrogate", "markup", "link"):
        number = number_of(page, f"/{name}")
        page.evaluate("number => document.getElementById('list').scrollTop = number * 42", number)
        page.locator(f"#field-{number}").click(position={"x": 60, "y": 10})
        shown[name] = page.locator("#inspector .now").inner_text()
    assert shown["markup"] == scenes.HOSTILE["markup"]
    assert shown["link"] == scenes.HOSTILE["link"]
    assert shown["escape"].startswith("U+001B[31mredU+001B[0m")
    assert "U+202Egpj.exe" in shown["direction"]
    assert "\u202e" not in shown["direction"]
    assert "U+E0041" in shown["unseen"]
    assert "half U+D83D of a face" in shown["surrogate"]


def test_edited_text_keeps_what_cannot_be_seen(visit, scenes) -> None:
    scene = scenes.hostile()
    page = visit(scene)
    field_row(page, "/direction").click(position={"x": 60, "y": 10})
    press(page, "e", "End", "!", "Enter")
    (done,) = correct_records(scene.records, save(page))
    assert done["/direction"].value == scenes.HOSTILE["direction"] + "!"


# Looks


@cache
def axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def grave(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{item['impact']} {item['id']}: {item['nodes'][0]['html'][:160]} {item['nodes'][0]['failureSummary'][:300]}"
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
    ]


def overlapping(page: Page) -> list[str]:
    """Controls that a person sees and that lie on each other."""
    return page.evaluate(
        """() => {
            const all = [...document.querySelectorAll('button, input, select, textarea, a, summary')].filter((element) => {
                const box = element.getBoundingClientRect();
                return box.width > 2 && box.height > 2 && element.checkVisibility() && box.right > 0 && box.bottom > 0
                    && box.left < innerWidth && box.top < innerHeight;
            });
            const found = [];
            for (const [place, one] of all.entries()) for (const other of all.slice(place + 1)) {
                const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
                const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (across > 0.5 && down > 0.5 && !one.contains(other) && !other.contains(one))
                    found.push(`${one.outerHTML.slice(0, 80)} on ${other.outerHTML.slice(0, 80)}`);
            }
            return found;
        }"""
    )


def stations(page: Page) -> Iterator[str]:
    """The page in each state that has controls of its own."""
    yield "as it opens"
    page.locator("#rows [data-field]").first.click()
    yield "a field is chosen"
    press(page, "e")
    yield "a field is edited"
    press(page, "Escape", "x")
    yield "a field is rejected"
    page.evaluate("document.querySelector('.tabs [data-tab=pages]').click()")
    yield "pages"
    page.evaluate("document.querySelector('.tabs [data-tab=fields]').click()")
    for opened in ("help", "save"):
        page.click(f"#{opened}-open")
        yield opened
        press(page, "Escape")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scene", ["table", "hostile", "nothing"])
def test_it_fits(visit, scenes, scene: str, width: int) -> None:
    page = visit(_scene(scenes, scene), width=width)
    for station in stations(page):
        sizes = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]")
        assert max(sizes[:2]) <= sizes[2], station
        if station not in ("help", "save"):  # what lies under a dialog is inert
            assert overlapping(page) == [], station


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it(visit, scenes, width: int, scheme: str) -> None:
    page = visit(_scene(scenes, "mixed"), width=width, scheme=scheme)
    for station in stations(page):
        assert grave(page) == [], station


def test_everybody_can_use_a_table(visit, scenes) -> None:
    page = visit(_scene(scenes, "table"))
    for station in stations(page):
        assert grave(page) == [], station


def _scene(scenes: ModuleType, name: str) -> Any:
    if name == "table":
        return scenes.table(60)
    if name == "hostile":
        return scenes.hostile()
    if name == "mixed":
        return scenes.single({"a": "one", "b": None, "c": True, "d": 4}, warnings=("/a: odd", "a picture"))
    from dataclasses import replace

    bare = scenes.single({"a": "one"})
    fields = {"/a": replace(bare.records[0]["/a"], citations=(), confidence=None)}
    return scenes.Scene(b"", [replace(bare.records[0], fields=fields)])


def test_these_checks_find_what_they_look_for(visit) -> None:
    """A page with one of each fault: what is empty elsewhere is not empty because nobody looked."""
    page = visit(
        None,
        html="""<!doctype html><title>x</title><p id=rows><b class=row></b></p><button></button>
        <button style="position:absolute;left:0;top:0;width:200px;height:200px">one</button>
        <button style="position:absolute;left:99px;top:99px;width:2000px;height:200px">two</button>
        <script>console.log("heard"); alert("seen"); window.pwned = 1; new Image().src = "http://127.0.0.1:9/"</script>""",
    )
    page.wait_for_timeout(300)
    assert any("button-name" in found for found in grave(page))
    assert len(overlapping(page)) >= 1
    assert page.evaluate("document.documentElement.scrollWidth > innerWidth")
    (seen,) = visit.opened
    assert seen.requests == ["http://127.0.0.1:9/"]
    assert seen.dialogs == ["seen"]
    assert "log: heard" in seen.said
    with pytest.raises(AssertionError):
        seen.check()
    visit.opened.clear()


def test_dark_and_light(visit, scenes) -> None:
    scene = scenes.single({"a": "one"})

    def ground(page: Page) -> int:
        return sum(
            page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)")
        )

    light, dark = visit(scene), visit(scene, scheme="dark")
    assert ground(light) > 600 > 200 > ground(dark)
    press(light, "t")
    dark.click("#theme")
    assert ground(dark) > 600 > 200 > ground(light)


def test_zoom(visit, scenes) -> None:
    page = visit(scenes.single({"a": "one"}))

    def width() -> float:
        return page.locator(".paper").bounding_box()["width"]

    fit = width()
    press(page, "+", "+")
    assert width() == pytest.approx(1.5 * fit, rel=0.01)
    press(page, "0")
    page.click("#zoom-out")
    assert width() == pytest.approx(0.8 * fit, rel=0.01)
    assert page.locator("#zoom-fit").inner_text() == "80%"


def test_a_narrow_window_shows_the_place_beside_the_value(visit, scenes) -> None:
    page = visit(scenes.single({"a": "one", "b": "two"}), width=390)
    assert not page.locator("#sheets").is_visible()
    field_row(page, "/b").click()
    assert page.locator(".strip img").is_visible()
    assert within(page, ".strip .mark", ".strip")
    page.locator(".place").click()
    assert page.locator("#sheets").is_visible()
    page.wait_for_selector(".mark.chosen.first")


def test_in_a_notebook(visit, scenes) -> None:
    made = review(scenes.hostile().records, documents=scenes.hostile().pdf)
    page = visit(None, html=f"<!doctype html><p id=rows><b class=row></b></p>{made._repr_html_()}")
    frame = page.frame_locator("iframe")
    frame.locator("#field-0").click(position={"x": 60, "y": 10})
    assert frame.locator("#inspector .path").inner_text() == "script"
    with page.expect_download() as waiting:
        frame.locator(".act.accept").click()
        frame.locator("#save-open").click()
        frame.locator("#save-file").click()
    assert json.loads(Path(waiting.value.path()).read_text("utf-8"))["records"]


def test_a_missing_document_is_said(visit, scenes) -> None:
    page = visit(_scene(scenes, "nothing"))
    assert "cannot be shown" in page.locator("#notices").inner_text()
    assert "no citations" in page.locator("#sheets").inner_text()
