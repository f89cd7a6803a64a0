"""The confidence: between 0 and 1, never less for better evidence, and worth what it says on documents nothing was fitted to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.bench.corpus import FITTED_SEEDS, choose_layouts, generate
from extract_bridge.bench.scoring.score import judge
from extract_bridge.bench.scoring.trust import calibration_error
from extract_bridge.local.engine.assign import Standing, standing
from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.confidence import extraction_confidence, share_right
from extract_bridge.local.engine.confidence_weights import CELLS, VALUES
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.pageview import PageView
from extract_bridge.local.engine.wanted import describe
from extract_bridge.parse.model import Page, Word
from extract_bridge.parse.open import parse_document

SHARE = st.floats(0, 1)
HOW = st.sampled_from(["after", "right", "below", "amount", "guess", "place", "phrase", "blank", "cell"])
PAGE = PageView(Page(1, 595, 842, ()))


def candidate(how, score, support=0.0, kind="string"):
    wanted = describe(("thing",), {"type": kind})
    return Candidate(wanted, "x", "x", (Word("x", 1, 1, 5, 9, 8),), PAGE, score, "", how=how, support=support)


@given(HOW, SHARE, SHARE, SHARE)
def test_it_is_a_share_for_every_evidence(how, score, rival, support):
    assert 0 < extraction_confidence(candidate(how, score, support), Standing(min(rival, score))) < 1


@given(HOW, SHARE, SHARE, SHARE)
def test_better_evidence_never_makes_a_value_less_sure(how, one, other, rival):
    low, high = sorted((one, other))
    assert extraction_confidence(candidate(how, low)) <= extraction_confidence(candidate(how, high))
    near, far = sorted((rival * high, high / 2), reverse=True)
    item = candidate(how, high)
    assert (
        extraction_confidence(item, Standing(near)) <= extraction_confidence(item, Standing(far))
        or far == 0 < near
    )
    assert extraction_confidence(candidate(how, high, low)) <= extraction_confidence(
        candidate(how, high, high)
    )


def test_a_rival_of_the_same_strength_costs_confidence():
    item = candidate("right", 0.9)
    close, far = (extraction_confidence(item, Standing(rival)) for rival in (0.9, 0.3))
    assert close < far < extraction_confidence(item)


def test_a_value_that_other_places_repeat_is_surer_and_one_of_several_less_sure():
    item = candidate("right", 0.8)
    alone = extraction_confidence(item)
    assert extraction_confidence(item, Standing(again=2)) > alone
    assert extraction_confidence(item, Standing(0.7, crowd=1)) > extraction_confidence(
        item, Standing(0.7, crowd=3, disputed=3)
    )


def test_standing_counts_values_and_places():
    def at(x, value, score, label=""):
        made = candidate("right", score)
        made.value, made.label, made.words = value, label, (Word(str(value), x, 1, x + 5, 9, 8),)
        return made

    chosen = at(1, "A-1", 0.8, "no")
    others = [
        chosen, at(9, "a 1", 0.5), at(20, "B-2", 0.7, "no"), at(30, "B-2", 0.4), at(40, "C-3", 0.3, "no"), at(50, "D", 0.2),
    ]  # fmt: skip
    assert standing(chosen, others) == Standing(rival=0.7, crowd=1, disputed=2, again=1)
    assert standing(chosen, [chosen]) == Standing()


def test_a_trait_that_was_never_seen_weighs_nothing():
    assert share_right({"always": 1.0, "unheard": 1.0}, VALUES) == share_right({"always": 1.0}, VALUES)
    assert share_right({"always": 1.0, "fits_well": 1.0, "filled": 1.0}, CELLS) > 0.9


@pytest.mark.parametrize(("group", "error"), [("fresh", 0.06), ("held-out", 0.06)])
def test_on_layouts_that_nothing_was_fitted_to_it_means_what_it_says(tmp_path, group, error):
    layouts, sure = choose_layouts([group]), []
    assert 4711 not in FITTED_SEEDS
    for document in generate(2 * len(layouts), 4711, layouts):
        (tmp_path / "stored").write_bytes(document.content)
        parsed = parse_document(tmp_path / "stored", name=document.name)
        request = ExtractRequest(
            data_schema=document.data_schema, extraction_target=document.extraction_target
        )
        verdicts = judge(document, RulesEngine().extract(parsed, request))
        sure += [(item.confidence, item.right) for item in verdicts if item.given and item.confidence]
    assert len(sure) > 200
    assert calibration_error(sure) <= error
    assert max(one for one, _ in sure) - min(one for one, _ in sure) > 0.2  # a constant would be none


@pytest.mark.parametrize("table", [VALUES, CELLS])
def test_the_weights_are_small_and_named(table):
    assert all(abs(weight) < 10 for weight in table.values())
    assert "always" in table
