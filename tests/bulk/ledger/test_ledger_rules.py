"""What counts as the same, what is never used again, and what happens to what was left: a small world in virtual time."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.bulk import Budget, Ledger
from extract_bridge.bulk.ledger import owners
from extract_bridge.client.effects import Blocking, Call, Sleep
from extract_bridge.core.errors import (
    BudgetExceededError,
    ConfigurationError,
    JobCancelledError,
    JobFailedError,
    PaymentRequiredError,
    SourceChanged,
    StorageError,
    UnansweredError,
    WaitTimeoutError,
)

SCHEMA = {"type": "object", "properties": {"number": {"type": "string"}}}
ONE, TWO = ("one.txt", b"one"), ("two.txt", b"two")


def ask(scene: Any, document: Any = ONE, *, process: Any = None, **keywords: Any) -> Any:
    """The finished job of a document, asked for by a process of its own."""
    terms = {name: keywords.pop(name) for name in ("reuse", "max_age", "retry_failed") if name in keywords}
    process = process or scene.process()
    return scene.start(process, document, ledger=process.terms(**terms), **keywords).finish()


def until(running: Any, reached: Any) -> None:
    while not reached(running.effect):
        running.step()


def test_the_same_bytes_are_one_job_whatever_they_are_called(scene: Any) -> None:
    first = ask(scene)
    again = ask(scene, ("another.pdf", b"one"))
    assert (first.origin.reused, again.origin.reused, again.origin.source) == (False, True, "another.pdf")
    assert again.to_dict() == first.to_dict()
    assert len(scene.world.jobs) == 1
    (entry,) = Ledger(scene.path).entries()
    assert (entry.state, entry.sources, entry.credits) == ("completed", ("another.pdf", "one.txt"), 8.0)


@pytest.mark.parametrize(
    "settings",
    [{"tier": "agentic"}, {"target_pages": "1"}, {"system_prompt": "look twice"}, {"project_id": "p"}],
)
def test_another_configuration_or_project_is_another_question(scene: Any, settings: dict[str, Any]) -> None:
    ask(scene)
    assert not ask(scene, settings=settings).origin.reused
    assert ask(scene, settings=settings).origin.reused
    assert len(scene.world.jobs) == 2


def test_webhooks_and_spelling_are_not_part_of_the_question(scene: Any) -> None:
    ask(scene, settings={"version": "2.1"})
    hooks = [{"webhook_url": "https://example.com"}]
    assert ask(scene, settings={"extract_version": "2.1", "webhook_configurations": hooks}).origin.reused


def test_never_makes_a_job_for_each(scene: Any) -> None:
    process = scene.process()
    for _ in range(2):
        assert not ask(scene, process=process, reuse="never").origin.reused
    assert len(scene.world.jobs) == 2
    assert ask(scene).origin.reused


def test_disable_cache_is_not_answered_from_the_ledger(scene: Any) -> None:
    schema = {
        "data_schema": None,
        "configuration": {"data_schema": SCHEMA, "disable_cache": True},
    }
    for _ in range(2):
        assert not ask(scene, settings=schema).origin.reused


def test_a_result_that_is_too_old(scene: Any) -> None:
    ask(scene)
    assert ask(scene, max_age=60).origin.reused
    with Ledger(scene.path)._shelf.write() as connection:
        connection.execute("UPDATE attempts SET finished_at = finished_at - 100")
    assert not ask(scene, max_age=60).origin.reused
    with Ledger(
        scene.path
    )._shelf.write() as connection:  # a clock that was ahead: better old than paid again
        connection.execute("UPDATE attempts SET finished_at = finished_at + 1e9")
    assert ask(scene, max_age=60).origin.reused


def test_terms_that_cannot_be(scene: Any) -> None:
    with pytest.raises(ConfigurationError, match="reuse"):
        Ledger(scene.path).terms(reuse="always")
    with pytest.raises(ConfigurationError, match="max_age"):
        Ledger(scene.path).terms(max_age=-1)


def test_a_failed_job_is_paid_again_only_when_that_is_asked_for(scene: Any) -> None:
    scene.world.fails = True
    with pytest.raises(JobFailedError):
        ask(scene)
    with pytest.raises(JobFailedError, match="retry_failed") as caught:
        ask(scene)
    assert caught.value.job.origin.reused
    assert len(scene.world.jobs) == 1
    process = scene.process()
    terms = process.terms(retry_failed=True)
    for _ in range(2):  # the same bytes twice in one call: tried again once
        with pytest.raises(JobFailedError):
            scene.start(process, ONE, ledger=terms).finish()
    assert len(scene.world.jobs) == 2
    scene.world.fails = False
    assert ask(scene, retry_failed=True).status == "COMPLETED"
    assert ask(scene).origin.reused


def test_an_error_in_the_evidence_is_never_used_again(scene: Any) -> None:
    scene.world.error = "page 3 was not read"
    process = scene.process()
    terms = process.terms()
    for expected in (False, True):  # but the same bytes twice in one call are one job
        assert scene.start(process, ONE, ledger=terms).finish().origin.reused is expected
    scene.world.error = None
    assert not ask(scene).origin.reused
    assert ask(scene).origin.reused


def test_a_cancelled_job_is_made_again(scene: Any) -> None:
    running = scene.start(scene.process(), ONE)
    until(running, lambda effect: isinstance(effect, Sleep))
    scene.world.jobs[0].cancelled = True
    with pytest.raises(JobCancelledError):
        running.finish()
    assert not ask(scene).origin.reused
    assert len(scene.world.jobs) == 2


def test_a_job_that_was_cancelled_while_nobody_waited_is_made_again(scene: Any) -> None:
    running = scene.start(scene.process(), ONE)
    until(running, lambda effect: isinstance(effect, Sleep))
    running.process.kill()
    scene.world.jobs[0].cancelled = True
    assert ask(scene).id == "ext-1"


def test_results_of_a_version_that_is_no_longer_used(scene: Any) -> None:
    ask(scene, ONE)
    ask(scene, TWO, settings={"version": "2.1"})
    scene.world.version = "2.2"
    assert ask(scene, ONE).origin.reused  # nobody has seen the new version yet
    ask(scene, ("three.txt", b"three"))
    assert not ask(scene, ONE).origin.reused
    assert ask(scene, ONE).origin.reused
    assert ask(scene, TWO, settings={"version": "2.1"}).origin.reused  # a pinned one does not float


def test_a_file_id_is_known_by_itself(scene: Any) -> None:
    scene.world.files["dfl-mine"] = b"mine"
    first = ask(scene, "dfl-mine")
    assert (first.file_input, first.origin.file_sha256) == ("dfl-mine", None)
    assert ask(scene, "dfl-mine").origin.reused
    assert len(scene.world.jobs) == 1


def test_a_file_that_changes_between_look_and_upload_is_not_sent(scene: Any, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(b"one")
    running = scene.start(scene.process(), path)
    until(running, lambda effect: isinstance(effect, Blocking) and "claim" in repr(effect))
    path.write_bytes(b"changed")
    with pytest.raises(SourceChanged) as caught:
        running.finish()
    assert (caught.value.code, caught.value.where) == ("source_changed", "note.txt")
    assert scene.world.files == {}
    assert ask(scene, path).extract_result == {"number": "changed"}


def test_a_job_that_the_service_forgot_is_made_again(scene: Any, budget: Budget) -> None:
    running = scene.start(scene.process(), ONE, budget=budget)
    until(running, lambda effect: isinstance(effect, Sleep))
    running.process.kill()
    scene.world.jobs[0].forgotten = True
    assert ask(scene, budget=budget).id == "ext-1"
    assert [entry.state for entry in Ledger(scene.path).entries()] == ["lost", "completed"]
    assert (budget.spent, budget.reserved) == (16.0, 0.0)  # what was paid is not forgotten


def test_a_file_that_expired_is_uploaded_again_once_the_doubt_is_settled(scene: Any) -> None:
    running = scene.start(scene.process(), ONE)
    until(running, lambda effect: running.is_create)
    running.process.kill()
    scene.world.files.clear()
    later = scene.start(scene.process(), ONE)
    looks = 0
    while not later.over:
        looks += isinstance(later.effect, Call) and later.effect.method == "GET" and not later.effect.json
        later.step()
    assert later.result.status == "COMPLETED"
    assert looks >= 2  # two empty lists before anything is sent
    assert [entry.state for entry in Ledger(scene.path).entries()] == ["void", "completed"]
    assert len(scene.world.jobs) == 1


def test_an_id_in_doubt_stays_so_and_is_never_sent_again(scene: Any) -> None:
    scene.world.files["dfl-mine"] = b"mine"
    running = scene.start(scene.process(), "dfl-mine")
    until(running, lambda effect: running.is_create)
    running.process.kill()
    for _ in range(2):
        with pytest.raises(UnansweredError) as caught:
            ask(scene, "dfl-mine")
        assert caught.value.code == "create_doubtful"
    assert scene.world.jobs == []
    ledger = Ledger(scene.path)
    (entry,) = ledger.entries()
    assert (entry.state, entry.error_code) == ("doubtful", "create_doubtful")
    assert ledger.resolve(entry.attempt_id, job_id=None)  # somebody has looked
    assert not ledger.resolve(entry.attempt_id, job_id=None)
    assert ask(scene, "dfl-mine").id == "ext-0"


def test_a_job_that_somebody_found_is_taken_up(scene: Any) -> None:
    scene.world.files["dfl-mine"] = b"mine"
    running = scene.start(scene.process(), "dfl-mine")
    until(running, lambda effect: running.is_create)
    running.step(lost="after")
    running.process.kill()
    ledger = Ledger(scene.path)
    (entry,) = ledger.entries()
    assert ledger.resolve(entry.attempt_id, job_id="ext-0")
    assert ask(scene, "dfl-mine").id == "ext-0"
    assert len(scene.world.jobs) == 1


@pytest.mark.parametrize("jump", [-1e7, 1e7])
def test_a_clock_that_jumps_changes_nothing(scene: Any, jump: float) -> None:
    running = scene.start(scene.process(), ONE)
    until(running, lambda effect: running.is_create)
    running.step(lost="after")
    running.process.kill()
    scene.world.jump = jump
    assert ask(scene).id == "ext-0"
    assert ask(scene, max_age=60).origin.reused
    assert len(scene.world.jobs) == 1


def test_what_is_set_aside_too_late_is_not(scene: Any, budget: Budget) -> None:
    """A call was cancelled while a thread set its cost aside: whichever comes last, nothing stays reserved."""
    running = scene.start(scene.process(), ONE, budget=budget)
    until(running, lambda effect: isinstance(effect, Blocking) and "reserve" in repr(effect))
    late = running.effect.function
    running.throw(KeyboardInterrupt())
    while not running.over:
        running.step()
    late()
    assert (budget.spent, budget.reserved) == (0.0, 0.0)


def test_a_refusal_is_no_attempt(scene: Any, budget: Budget) -> None:
    scene.world.refuses = [402]
    with pytest.raises(Exception, match="402"):
        ask(scene, budget=budget)
    assert (budget.spent, budget.reserved) == (0.0, 0.0)
    assert ask(scene, budget=budget).status == "COMPLETED"
    assert [entry.state for entry in Ledger(scene.path).entries()] == ["void", "completed"]


def test_the_same_bytes_at_once_are_one_job_with_two_results(scene: Any) -> None:
    process = scene.process()
    calls = [scene.start(process, document) for document in (ONE, ("other.txt", b"one"))]
    while not all(call.over for call in calls):
        for call in calls:
            if not call.over:
                call.step()
    assert [call.result.origin.source for call in calls] == ["one.txt", "other.txt"]
    assert len(scene.world.jobs) == 1


def test_a_shared_job_is_cancelled_when_its_last_waiter_leaves(scene: Any) -> None:
    process, other = scene.process(), scene.process()
    calls = [scene.start(one, ONE) for one in (process, process, other)]
    for call in calls:
        until(call, lambda effect: isinstance(effect, Sleep))
    for call in calls:
        assert not scene.world.jobs[0].cancelled
        call.throw(KeyboardInterrupt())
        while not call.over:
            call.step()
    assert scene.world.jobs[0].cancelled
    assert len(scene.world.jobs) == 1
    assert ask(scene).id == "ext-1"


def test_whoever_waits_too_long_is_told_and_nothing_is_lost(scene: Any) -> None:
    holder, other = scene.process(), scene.process()
    held = scene.start(holder, ONE)
    until(held, lambda effect: held.is_create)
    with pytest.raises(WaitTimeoutError):
        scene.start(other, ONE, timeout=5.0).finish()
    assert held.finish().id == "ext-0"
    scene.world.lasts = 100.0
    with pytest.raises(WaitTimeoutError):
        scene.start(other, TWO, timeout=5.0).finish()
    assert ask(scene, TWO).id == "ext-1"


def test_a_budget_is_shared_by_all_who_use_its_name(scene: Any) -> None:
    ask(scene, ONE, budget=Budget(20, unknown_pages=1, name="all"))
    ask(scene, TWO, budget=pickle.loads(pickle.dumps(Budget(20, unknown_pages=1, name="all"))))
    third = Budget(20, unknown_pages=1, name="all")
    with pytest.raises(BudgetExceededError) as caught:
        ask(scene, ("three.txt", b"three"), budget=third)
    assert caught.value.left == 4.0
    assert (third.spent, third.left) == (16.0, 4.0)
    assert len(scene.world.jobs) == 2
    assert ask(scene, ONE, budget=third).origin.reused  # which costs nothing


def test_what_a_killed_process_had_set_aside_is_settled_with_its_job(scene: Any) -> None:
    budget = Budget(100, unknown_pages=1, name="all")
    running = scene.start(scene.process(), ONE, budget=budget)
    until(running, lambda effect: isinstance(effect, Sleep))
    running.process.kill()
    assert (budget.spent, budget.reserved) == (0.0, 8.0)
    ask(scene)  # by whoever comes, with whatever budget
    assert (budget.spent, budget.reserved) == (8.0, 0.0)


def test_one_budget_in_two_ledgers_is_refused(scene: Any, tmp_path: Path, budget: Budget) -> None:
    ask(scene, budget=budget)
    other = type(scene)(tmp_path / "other.sqlite3", scene.world)
    with pytest.raises(ConfigurationError, match="two ledgers"):
        ask(other, budget=budget)


def test_an_owner_whose_lock_was_taken_away_sends_nothing(scene: Any) -> None:
    running = scene.start(scene.process(), ONE)
    until(running, lambda effect: isinstance(effect, Blocking) and "sending" in repr(effect))
    for path in scene.path.with_name(f"{scene.path.name}.owners").glob("*.lock"):
        path.unlink()
    assert ask(scene).id == "ext-0"
    with pytest.raises(StorageError) as caught:
        running.finish()
    assert caught.value.code == "storage_taken"
    assert len(scene.world.jobs) == 1


def test_what_another_machine_was_at_waits_to_be_recovered(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = scene.start(scene.process(), ONE)
    until(running, lambda effect: running.is_create)
    running.step(lost="after")
    running.process.kill()
    monkeypatch.setattr(owners, "boot_name", lambda: "another start")
    monkeypatch.setattr(owners, "host_name", lambda: "another machine")
    with pytest.raises(StorageError) as caught:
        ask(scene)
    assert caught.value.code == "storage_other_host"
    ledger = Ledger(scene.path)
    assert "another machine" in ledger.check()[0]
    assert (ledger.recover(), ledger.recover(), ledger.check()) == (1, 0, [])
    assert ask(scene).id == "ext-0"
    assert len(scene.world.jobs) == 1


def test_a_flow_that_is_dropped_in_the_middle_of_a_write_hangs_nobody(scene: Any) -> None:
    """As the garbage collector does it, in whatever thread it runs."""
    process = scene.process()
    running = scene.start(process, ONE)
    until(running, lambda effect: running.is_create)
    with process.ledger._shelf.write():
        running.flow.close()
    assert ask(scene, process=process).status == "COMPLETED"  # this process knows that nobody is at it
    assert len(scene.world.jobs) == 1


class Purse:
    """A budget of the caller's own."""

    unknown_pages = 1

    def __init__(self) -> None:
        self.told: list[Any] = []

    def reserve(self, estimate: Any, *, where: str | None = None) -> Any:
        self.told.append((estimate.credits, where))
        return self

    def settle(self, billed: float | None) -> None:
        self.told.append(billed)

    def release(self) -> None:
        self.told.append("released")


def test_a_purse_of_the_callers_own(scene: Any) -> None:
    purse = Purse()
    ask(scene, budget=purse)
    assert purse.told == [(8.0, "one.txt"), 8.0]
    scene.world.refuses = [402]
    with pytest.raises(PaymentRequiredError):
        ask(scene, TWO, budget=purse)
    assert purse.told[2:] == [(8.0, "two.txt"), "released"]
