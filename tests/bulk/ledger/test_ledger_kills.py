"""Killed, cancelled, left or lost at any effect of a call's life: one job for a document, and nobody goes without."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract_bridge.bulk import Budget
from extract_bridge.client.effects import Call, Sleep
from extract_bridge.client.keeping import Detach

WAYS = ("kill before", "kill after", "cancel", "cancel after", "detach", "close", "lost before", "lost after")
CANCELLED, DETACHED = KeyboardInterrupt(), Detach()
ENDS = (CANCELLED, DETACHED)
DOCUMENTS = (b"one", b"two", b"one")  # the third is the first under another name


def named(number: int) -> tuple[str, bytes]:
    return f"note-{number}.txt", DOCUMENTS[number]


def end(running: Any, how: str) -> None:
    """Let something happen to a call at the effect that it asks for."""
    if how.startswith("lost"):
        running.step(lost=how.split()[1] if running.is_create else None)
    elif how == "kill before":
        running.process.kill()
    elif how == "kill after":
        running.perform()
        running.process.kill()
    elif how == "cancel":
        running.throw(CANCELLED)
        goodbye(running)
    elif (
        how == "cancel after"
    ):  # as an event loop does it: the answer is there, the effect after it is never carried out
        running.give(running.perform())
        if not running.over:
            running.throw(CANCELLED)
            goodbye(running)
    elif how == "detach":
        running.throw(DETACHED)
        goodbye(running)
    else:
        running.flow.close()
        running.over = True


def goodbye(running: Any) -> None:
    while not running.over:
        running.step()


def check(scene: Any, documents: Any, budget: Budget) -> None:
    """Whoever asks now is answered, and no document has two jobs that were not cancelled."""
    last = scene.process()
    for name, content in documents:
        job = scene.start(last, (name, content), budget=budget).finish()
        assert job.extract_result == {"number": content.decode()}
    for content in {content for _, content in documents}:
        assert len(scene.world.alive(content)) == 1
    kept = [entry for entry in last.ledger.entries() if entry.state == "completed"]
    assert len(kept) == len({content for _, content in documents})
    assert {entry.state for entry in last.ledger.entries()} <= {"completed", "cancelled", "void"}
    assert (budget.reserved, budget.spent) == (0.0, 8.0 * len(kept))
    assert last.ledger.check() == []


@pytest.mark.parametrize("honours_keys", [False, True])
@pytest.mark.parametrize("how", WAYS)
def test_at_each_effect_of_a_life(how: str, honours_keys: bool, scenes: Any) -> None:
    for number in range(100):
        scene = scenes(honours_keys=honours_keys, late=1.0, lag=1.0)
        budget = Budget(10_000, unknown_pages=1)
        running = scene.start(scene.process(), named(0), budget=budget)
        for _ in range(number):
            if running.over:
                break
            running.step()
        if running.over:
            break
        end(running, how)
        if running.over or not how.startswith("kill"):
            goodbye(running)
        check(scene, [named(0)], budget)
    assert number > 12


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(),
    honours_keys=st.booleans(),
    late=st.sampled_from([0.0, 2.0]),
    lag=st.sampled_from([0.0, 2.0]),
)
def test_whatever_happens_to_several_processes(
    data: Any, honours_keys: bool, late: float, lag: float, scenes: Any
) -> None:
    scene = scenes(honours_keys=honours_keys, late=late, lag=lag)
    budget = Budget(10_000, unknown_pages=1)
    processes = [scene.process(), scene.process()]
    calls: list[Any] = []
    for _ in range(data.draw(st.integers(5, 60), label="steps")):
        going = [call for call in calls if not call.over and call.process in processes]
        action = data.draw(st.sampled_from(("start", "step", "step", "step", "step", "end")), label="action")
        if action == "start" or not going:
            process = data.draw(st.sampled_from(processes), label="process")
            number = data.draw(st.integers(0, len(DOCUMENTS) - 1), label="document")
            calls.append(scene.start(process, named(number), budget=budget))
            continue
        call = data.draw(st.sampled_from(going), label="call")
        if action == "step":
            call.step()
            continue
        how = data.draw(st.sampled_from(WAYS), label="how")
        end(call, how)
        if how.startswith("kill"):
            processes[processes.index(call.process)] = scene.process()
    going = [call for call in calls if not call.over and call.process in processes]
    while going := [call for call in going if not call.over]:
        for call in going:
            call.step()
    assert {call.error for call in calls if call.process in processes} <= {None, *ENDS}
    check(scene, [named(number) for number in range(len(DOCUMENTS))], budget)


def test_a_process_that_is_stopped_keeps_what_it_was_at(scene: Any) -> None:
    stopped, other = scene.process(), scene.process()
    held = scene.start(stopped, named(0))
    while not held.is_create:
        held.step()
    waiting = scene.start(other, named(0))
    while scene.world.elapsed < 600:
        waiting.step()
        assert not (isinstance(waiting.effect, Call) and waiting.effect.method == "POST")
    assert isinstance(waiting.effect, Sleep) or not waiting.over
    first = held.finish()
    assert waiting.finish().id == first.id
    assert len(scene.world.jobs) == 1
