"""The figures about confidence, against cases reckoned by hand."""

from __future__ import annotations

import pytest

from extract_bridge.bench.scoring.trust import calibration_error, coverage, promise, ranking, reliability


def test_a_perfectly_calibrated_answer_has_no_error() -> None:
    sure = [(0.75, True)] * 3 + [(0.75, False)]
    assert calibration_error(sure) == pytest.approx(0.0)
    assert calibration_error([(0.9, False)] * 4) == pytest.approx(0.9)
    assert calibration_error([]) is None


def test_the_ranking_is_the_chance_that_a_right_value_is_surer() -> None:
    assert ranking([(0.9, True), (0.1, False)]) == pytest.approx(1.0)
    assert ranking([(0.1, True), (0.9, False)]) == pytest.approx(0.0)
    assert ranking([(0.5, True), (0.5, False)]) == pytest.approx(0.5)
    assert ranking([(0.9, True), (0.4, True), (0.6, False)]) == pytest.approx(0.5)
    assert ranking([(0.5, True)]) is None


def test_coverage_is_the_share_above_the_threshold_that_keeps_the_precision() -> None:
    sure = [(0.9, True), (0.8, True), (0.7, False), (0.6, True)]
    share, threshold = coverage(sure, 0.95)
    assert (share, threshold) == (pytest.approx(0.5), pytest.approx(0.8))
    assert coverage([(0.9, False)], 0.95) == (0.0, None)


def test_the_bins_hold_every_value_once() -> None:
    sure = [(at / 20, at % 2 == 0) for at in range(21)]
    assert sum(item.count for item in reliability(sure)) == 21


def test_a_promise_is_made_by_confidence_and_judged_by_truth() -> None:
    kept = promise([(0.99, True), (0.97, True), (0.9, True), (0.4, False)], 0.95)
    assert (kept.threshold, kept.share, kept.right) == (pytest.approx(0.9), pytest.approx(0.75), 1.0)
    broken = promise([(0.99, False), (0.98, True), (0.3, True)], 0.95)
    assert (broken.threshold, broken.right) == (pytest.approx(0.98), pytest.approx(0.5))
    assert promise([(0.5, True)], 0.95).right is None
    assert promise([], 0.95).share == 0.0
