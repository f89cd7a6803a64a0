"""The SPEC of faults: what it may say, and what it draws."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.local.service import faults
from extract_bridge.local.service.fault_injector import kind_of
from extract_bridge.local.service.faults import KINDS, FaultPlan, Rule


def test_a_spec() -> None:
    plan = FaultPlan.parse("seed=7, lost=0.05, rate-limit@list=1:2.5,error-before=0.5:504,latency=1e-1")
    assert plan == FaultPlan(
        7,
        (
            Rule("lost", "create", 0.05, None),
            Rule("rate-limit", "list", 1.0, 2.5),
            Rule("error-before", "all", 0.5, 504.0),
            Rule("latency", "all", 0.1, 1.0),
        ),
    )


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("", "FAULT"),
        ("lost", "FAULT"),
        ("lost=", "FAULT"),
        ("seed=-1", "whole number"),
        ("seed=x", "whole number"),
        ("seed=\u0661", "whole number"),
        ("lost=1.01", "RATE"),
        ("lost=-0.1", "RATE"),
        ("lost=e", "RATE"),
        ("lost=1:2", "no NUMBER"),
        ("broken=1", "the faults are latency, rate-limit"),
        ("late@list=1", "kinds of late are create"),
        ("lost@jobs=1", "kinds of lost are create, list"),
        ("latency=1:-1", "seconds"),
        ("latency=1:1e9", "seconds"),
        ("error-before=1:404", "500 to 599"),
        ("error-before=1:500.5", "500 to 599"),
        ("lost=1,,seed=2", "FAULT"),
    ],
)
def test_a_wrong_spec_is_a_typed_error(spec: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        FaultPlan.parse(spec)
    assert caught.value.code == "faults"


@given(st.text(max_size=40))
def test_any_text_is_a_plan_or_a_typed_error(spec: str) -> None:
    with suppress(ConfigurationError):  # and no other
        FaultPlan.parse(spec)


@given(
    st.integers(0, 10**6),
    st.sampled_from(sorted(faults._FAULTS)),
    st.floats(0, 1, allow_subnormal=False).map(lambda rate: round(rate, 4)),
)
def test_what_is_written_is_read(seed: int, name: str, rate: float) -> None:
    plan = FaultPlan.parse(f"seed={seed},{name}={rate}")
    assert (plan.seed, plan.rules[0].name, plan.rules[0].rate) == (seed, name, rate)


def test_draws_depend_on_seed_kind_and_number_alone() -> None:
    plan, again, other = (FaultPlan.parse(f"seed={seed},lost@all=0.5") for seed in (1, 1, 2))

    def drawn(plan: FaultPlan, kind: str) -> list[bool]:
        return [bool(plan.draw(kind, number)) for number in range(64)]

    assert drawn(plan, "create") == drawn(again, "create")
    assert drawn(plan, "create") != drawn(other, "create")
    assert drawn(plan, "create") != drawn(plan, "list")


def test_rates_are_met() -> None:
    plan = FaultPlan.parse("lost=0.05,stuck=0,fail=1")
    drawn = [plan.draw("create", number) for number in range(10_000)]
    assert 400 < sum("lost" in met for met in drawn) < 600
    assert not any("stuck" in met for met in drawn)
    assert all("fail" in met for met in drawn)
    assert plan.draw("list", 0) == {}


def test_the_first_rule_that_is_drawn_counts() -> None:
    plan = FaultPlan.parse("rate-limit=0.5:2,rate-limit=1")
    drawn = {plan.draw("get", number)["rate-limit"] for number in range(50)}
    assert drawn == {2.0, None}


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/api/v2/extract", "create"),
        ("GET", "/api/v2/extract", "list"),
        ("DELETE", "/api/v2/extract", "other"),
        ("GET", "/api/v2/extract/ext-1", "get"),
        ("POST", "/api/v2/extract/ext-1/cancel", "other"),
        ("DELETE", "/api/v2/extract/ext-1", "other"),
        ("POST", "/api/v2/extract/schema/validation", "other"),
        ("POST", "/api/v1/beta/files", "upload"),
        ("GET", "/api/v1/beta/files", "other"),
    ],
)
def test_kinds(method: str, path: str, kind: str) -> None:
    assert kind_of(method, path) == kind
    assert kind in KINDS
