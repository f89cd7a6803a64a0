"""Drawn documents as scans: the truth stays true, and its boxes lie on the ink."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from extract_bridge.bench.corpus import choose_layouts, generate
from extract_bridge.bench.document import BenchDocument
from extract_bridge.bench.scans import DAMAGES, Damage, all_scanned, scanned
from extract_bridge.parse.pictures import page_looks


def drawn(layout: str = "receipt_wide") -> BenchDocument:
    (document,) = generate(1, 5, choose_layouts([layout]))
    return document


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_boxes_lie_on_the_ink(damage: Damage) -> None:
    document = drawn()
    scan = scanned(document, damage, Random(4))
    assert scan.expected == document.expected
    assert scan.layout == damage.name
    assert scan.places.keys() == document.places.keys()
    (look,) = page_looks(scan.content, scan.name, [1], dots=144)
    assert look.picture is not None
    grey = look.picture.convert("L")
    boxes = [box for places in scan.places.values() for place in places for box in place.boxes]
    assert boxes
    for box in boxes:
        assert 0 <= box.x < box.x + box.w <= look.width
        assert 0 <= box.y < box.y + box.h <= look.height
        edges = (box.x, box.y, box.x + box.w, box.y + box.h)
        levels = sorted(grey.crop(tuple(round(2 * edge) for edge in edges)).tobytes())
        paper, ink = levels[len(levels) * 9 // 10], levels[len(levels) // 50]
        assert paper - ink > 25, "letters in every box"


def test_the_same_seed_takes_the_same_pictures_and_each_damage_has_its_turn() -> None:
    documents = [drawn()] * (len(DAMAGES) + 1)
    once, again = list(all_scanned(documents, 1)), list(all_scanned(documents, 1))
    assert [item.content for item in once] == [item.content for item in again]
    assert [item.layout for item in once] == [damage.name for damage in DAMAGES] + [DAMAGES[0].name]
    assert once[0].content != next(all_scanned(documents, 2)).content


def test_what_has_no_paper_is_left_out() -> None:
    mail = replace(drawn(), name="a.eml", content=b"From: a")
    assert [item.name for item in all_scanned([mail, drawn()], 1)] == [drawn().name]


def test_held_out_documents_stay_so() -> None:
    hidden = replace(drawn(), layout="held-out")
    assert scanned(hidden, DAMAGES[0], Random(1)).layout == "held-out"
