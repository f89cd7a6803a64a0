"""Which values a precision target accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge import ConfigurationError, ExtractedField, ExtractedRecord, min_confidence_for
from extract_bridge.core.records.trust import threshold_for

SHARES = st.lists(st.floats(0, 1), max_size=30)
TARGET = st.floats(0.01, 1)


def record(**confidences):
    fields = {
        f"/{name}": ExtractedField(
            pointer=f"/{name}",
            value=None if sure == "null" else name,
            confidence=None if sure == "null" else sure,
        )
        for name, sure in confidences.items()
    }
    return ExtractedRecord(data={name: fields[f"/{name}"].value for name in confidences}, fields=fields)


@given(SHARES, TARGET)
def test_the_accepted_are_expected_right_as_often_as_asked_and_no_larger_set_is(confidences, target):
    least = threshold_for(confidences, target)
    taken = [value for value in confidences if least is not None and value >= least]
    assert sum(taken) >= target * len(taken) - 1e-6
    for lower in {value for value in confidences if least is None or value < least}:
        more = [value for value in confidences if value >= lower]
        assert sum(more) < target * len(more)


@given(SHARES, TARGET, TARGET)
def test_a_higher_target_never_accepts_more(confidences, one, other):
    low, high = sorted((one, other))
    loose, strict = threshold_for(confidences, low), threshold_for(confidences, high)
    assert strict is None or (loose is not None and loose <= strict)


def test_a_record_says_what_to_accept_and_the_rest_is_for_review():
    found = record(number=0.99, total=0.95, seller=0.6, note=None, due="null")
    assert [item.pointer for item in found.accepted(precision_target=0.97)] == ["/number", "/total"]
    assert [item.pointer for item in found.accepted(precision_target=0.8)] == ["/number", "/total", "/seller"]
    assert found.accepted(precision_target=1.0) == []


def test_many_records_share_one_bound():
    some = [record(a=0.99, b=0.9), record(a=0.97, b=0.2), record(a="null")]
    assert min_confidence_for(some) == pytest.approx(0.9)
    assert min_confidence_for([record(a=0.5)]) is None
    assert min_confidence_for([]) is None


@pytest.mark.parametrize("target", [0.0, -1, 1.5, float("nan")])
def test_a_target_is_a_share(target):
    with pytest.raises(ConfigurationError) as caught:
        record(a=0.9).accepted(precision_target=target)
    assert caught.value.where == "precision_target"
    assert caught.value.hint
