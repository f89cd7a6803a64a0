from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from extract_bridge import BudgetExceededError, ConfigurationError
from extract_bridge.bulk import Budget, Estimate
from extract_bridge.core.pricing import Reservation, estimate_job


def cost(amount: float | None) -> Estimate:
    return Estimate(credits=amount, pages=1, tier="agentic")


def test_many_threads_never_reserve_more_than_there_is() -> None:
    budget = Budget(100)

    def reserve(_: int) -> Reservation | None:
        try:
            return budget.reserve(cost(8))
        except BudgetExceededError:
            return None

    with ThreadPoolExecutor(16) as pool:
        made = [item for item in pool.map(reserve, range(200)) if item]
    assert len(made) == 12
    made[0].settle(3)
    made[0].settle(90)  # a second end does nothing
    made[1].release()
    made[2].settle(None)
    assert (budget.spent, budget.reserved, budget.left) == (11, 72, 17)


def test_what_cannot_be_priced_is_refused() -> None:
    with pytest.raises(BudgetExceededError) as caught:
        Budget(100).reserve(estimate_job(tier="agentic", pages=None))
    assert (caught.value.code, caught.value.left) == ("cost_unknown", 100)


def test_a_copy_is_the_same_budget_and_a_pickle_has_what_is_left() -> None:
    budget = Budget(100)
    budget.reserve(cost(30))
    assert copy.copy(budget) is copy.deepcopy(budget) is budget
    assert pickle.loads(pickle.dumps(budget)).left == 70


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf"), "9"])
def test_no_budget(amount: object) -> None:
    with pytest.raises(ConfigurationError):
        Budget(amount)  # type: ignore[arg-type]
