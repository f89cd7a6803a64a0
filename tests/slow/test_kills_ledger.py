"""Runs over a ledger that are killed, anywhere: no document is paid twice, and none is lost. The service lives outside the killed process.

Loss of power is not tested: a killed process leaves what it wrote to the kernel, so these tests say nothing of what reached the disk.
"""

from __future__ import annotations

import ast
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import extract_bridge.bulk.ledger
from extract_bridge import ExtractClient
from extract_bridge.bulk import Budget, Ledger
from extract_bridge.testing.server import serving

HERE = Path(__file__).parent
LEDGER = Path(extract_bridge.bulk.ledger.__file__).parent
SHORT = os.environ.get("EXTRACT_BRIDGE_SHORT") == "1"  # read before the tests' clean environment
SEED = int(os.environ.get("EXTRACT_BRIDGE_SEED", "1"))
PATIENCE = 120.0  # seconds; what has not come by then does not come

# Each commit and each external effect in the life of a document in a ledger, from the first look to its end by `prune`.
COMMITS = (
    "accounts.set_aside",
    "care.prune",
    "care.recover",
    "care.resolve",
    "entries.find_record",
    "visit.claim",
    "visit.created",
    "visit.finished",
    "visit.forsake",
    "visit.given",
    "visit.leave",
    "visit.lost",
    "visit.promise",
    "visit.sending",
    "visit.void",
)
EFFECTS = ("owners.Presence", "owners.sweep")
REQUESTS = ("http.upload", "http.create", "http.look", "http.read", "http.list", "http.cancel")
POINTS = tuple(f"{name} {when}" for name in (*COMMITS, *EFFECTS, *REQUESTS) for when in ("before", "after"))
SCENES = ("run", "submit", "leave", "cancel", "lost", "care")
DOUBTS = {"doubt": "visit.created before", "expired": "http.create before"}
"""What a run can be left in, and where it is killed for that."""
BILLED_TWICE = frozenset({"cancel", "lost"})
"""A cancelled job is made again, and so is one that somebody deleted: that is what was asked for."""


class Mother:
    """The process of `killed_run.py`, of which each run is a fork."""

    def __init__(self) -> None:
        command = [sys.executable, str(HERE / "killed_run.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, **options: Any) -> Child:
        return Child(self, int(self.ask({"start": options})))

    def ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0


class Child:
    """A fork of the mother: a process of its own, killed as a process is."""

    def __init__(self, mother: Mother, pid: int) -> None:
        self.pid, self._mother, self._code = pid, mother, None

    def ended(self) -> bool:
        if self._code is None:
            self._code = self._mother.ask({"ended": self.pid})
        return self._code is not None

    def wait(self, seconds: float = PATIENCE) -> int | None:
        """How it ended; None where it still runs after that time."""
        give_up_at = time.monotonic() + seconds
        while not self.ended() and time.monotonic() < give_up_at:
            time.sleep(0.002)
        return self._code

    def send(self, how: signal.Signals) -> None:
        if not self.ended():  # its id is nobody else's until the mother was told so
            os.kill(self.pid, how)


class Theatre:
    """One service, and runs over ledgers that use it."""

    def __init__(self, mother: Mother, data: Path, base_url: str, folder: Path) -> None:
        self.mother, self.data, self.base_url, self.folder = mother, data, base_url, folder
        self._number = 0
        with closing(sqlite3.connect(data / "service.sqlite3")) as connection, connection:
            connection.executescript(
                "CREATE TABLE IF NOT EXISTS born (job_id TEXT, file_input TEXT);"
                "CREATE TRIGGER IF NOT EXISTS note_birth AFTER INSERT ON jobs BEGIN"
                " INSERT INTO born VALUES (NEW.id, NEW.file_input); END;"
            )

    def round(self, *scenes: str, keys: bool = True, kill_at: str | None = None) -> Round:
        self._number += 1
        folder = self.folder / str(self._number)
        folder.mkdir()
        return Round(self, folder, scenes, keys=keys, kill_at=kill_at)

    def born(self, tag: str) -> int:
        """How many jobs were ever made for a round."""
        return sum(len(jobs) for jobs in self.births(tag).values())

    def births(self, tag: str) -> dict[str, list[tuple[str, str | None]]]:
        """For each document of a round the jobs that were made of it, with the state of those that are still there."""
        with closing(sqlite3.connect(self.data / "service.sqlite3")) as connection:
            rows = connection.execute(
                "SELECT files.name, born.job_id, jobs.status, files.path FROM born JOIN files ON files.id = born.file_input"
                " LEFT JOIN jobs ON jobs.id = born.job_id WHERE born.job_id LIKE 'ext-%'"
            ).fetchall()
        found: dict[str, list[tuple[str, str | None]]] = {}
        for name, job_id, status, path in rows:
            if (self.data / "files" / path).read_text().startswith(f"text: {tag} "):
                found.setdefault(Path(name).stem, []).append((job_id, status))
        return found


class Round:
    """One ledger, and the processes that work on it until everything is done."""

    def __init__(
        self, theatre: Theatre, folder: Path, scenes: tuple[str, ...], *, keys: bool, kill_at: str | None
    ) -> None:
        self.theatre, self.folder, self.scenes, self.keys = theatre, folder, scenes, keys
        self.kill_at, self.tag = kill_at, f"r{folder.name}"

    def start(self, *, kill_at: str | None = None) -> Child:
        return self.theatre.mother.start(
            base_url=self.theatre.base_url,
            folder=str(self.folder),
            scenes=list(self.scenes),
            tag=self.tag,
            keys=self.keys,
            log=str(self.folder / "points"),
            errors=str(self.folder / "errors"),
            kill_at=kill_at,
        )

    def finish(self) -> None:
        """The run, killed where it was asked for, and then another one to its end."""
        if self.kill_at is not None:
            assert self.start(kill_at=self.kill_at).wait() == -signal.SIGKILL, self.errors()
        assert self.start().wait() == 0, self.errors()

    def leave_in(self, doubt: str) -> None:
        """Kill a run around its create: with a job that it does not know of, or with none and a file that expires meanwhile."""
        assert self.start(kill_at=DOUBTS[doubt]).wait() == -signal.SIGKILL, self.errors()
        (self.folder / "points").unlink()
        if doubt == "expired":
            with Ledger(self.folder / "ledger.sqlite3") as ledger:
                (entry,) = ledger.entries()
            with ExtractClient(base_url=self.theatre.base_url) as client:
                client.files.delete(str(entry.file_input))

    def errors(self) -> str:
        path = self.folder / "errors"
        return path.read_text() if path.exists() else ""

    def told(self) -> list[str]:
        """The points that were reached so far."""
        path = self.folder / "points"
        return path.read_text().splitlines() if path.exists() else []

    def check(self, documents: int) -> None:
        """Each document has a result in the ledger and one job at the service, and what was spent is what was billed."""
        births = self.theatre.births(self.tag)
        assert len(births) == documents
        for scene, jobs in births.items():
            alive = [job for job, status in jobs if status not in (None, "CANCELLED")]
            assert len(alive) == 1, (scene, jobs)
            assert len(jobs) <= (2 if scene in BILLED_TWICE else 1), (scene, jobs)
        with Ledger(self.folder / "ledger.sqlite3") as ledger:
            entries = list(ledger.entries())
            done = [entry for entry in entries if entry.state == "completed"]
            assert len(done) == documents, entries
            assert {entry.state for entry in entries} <= {"completed", "cancelled", "void", "lost"}
            assert not any(entry.duplicates for entry in entries)
            budget = Budget(1_000_000, name="all")
            budget._books = ledger._accounts
            made = sum(entry.state in ("completed", "lost") for entry in entries)
            assert (budget.reserved, budget.spent) == (0.0, 8.0 * made)
            assert ledger.check() == []


@pytest.fixture(scope="module")
def mother() -> Iterator[Mother]:
    mother = Mother()
    yield mother
    mother.close()


@pytest.fixture(scope="module")
def theatre(mother: Mother, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    folder = tmp_path_factory.mktemp("theatre")
    with serving(folder / "data") as server:
        yield Theatre(mother, folder / "data", server.base_url, folder)


def in_the_code() -> set[str]:
    """Every commit and external effect that the ledger's code has, by the public function that leads to it."""
    found: set[str] = set()
    for path in LEDGER.glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                name = kind_of(call)
                if name is not None and path.stem != "shelf":
                    found.add(f"{path.stem}.{PUBLIC.get(function.name, function.name)}{name}")
    return found


PUBLIC = {"_index": "find_record"}


def kind_of(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    last = ast.unparse(node.func).rpartition(".")[2]
    if ast.unparse(node.func).endswith(("shelf.write", "shelf.write_durably")):
        return ""
    if last in {"unlink", "rename", "replace", "rmtree", "write_text", "write_bytes"}:
        return f":{last}"
    return None


def test_every_commit_and_effect_of_the_ledger_is_listed() -> None:
    code = in_the_code()
    assert {name for name in code if ":" not in name} == set(COMMITS)
    assert {name for name in code if ":" in name} == {
        "owners.__init__:rename",  # `owners.Presence`
        "owners.sweep:unlink",
        "owners._end:unlink",  # of a process that ends as it should
        "care.whole_file:replace",  # an export
        "care.whole_file:unlink",
    }
    assert len(POINTS) == 46


def scenes_by_point(theatre: Theatre) -> dict[str, str]:
    """In which scene each point is first reached."""
    found: dict[str, str] = {}
    for scene in SCENES:
        life = theatre.round(scene, keys=False)
        life.finish()
        life.check(1)
        for line in life.told():
            found.setdefault(line, scene)
    for scene in DOUBTS:
        life = theatre.round("run", keys=False)
        life.leave_in(scene)
        life.finish()
        for line in life.told():
            found.setdefault(line, scene)
    return found


def test_a_life_reaches_every_point(theatre: Theatre) -> None:
    assert set(POINTS) <= set(scenes_by_point(theatre))


def killed_at(theatre: Theatre, point: str, scene: str, *, keys: bool) -> None:
    life = theatre.round("run" if scene in DOUBTS else scene, keys=keys, kill_at=point)
    if scene in DOUBTS:  # killed twice: in doubt, and then while it is settled
        life.leave_in(scene)
    life.finish()
    life.check(1)


@pytest.mark.slow
@pytest.mark.kills
@pytest.mark.parametrize("keys", [True, False], ids=["keys", "no keys"])
def test_killed_at_each_point(theatre: Theatre, keys: bool, capsys: pytest.CaptureFixture[str]) -> None:
    scenes, rounds = scenes_by_point(theatre), 1 if SHORT else 5
    for point in POINTS:
        for _ in range(rounds):
            killed_at(theatre, point, scenes[point], keys=keys)
    with capsys.disabled():
        print(
            f"\nfigure: killed at {len(POINTS)} points x {rounds}, {'keys' if keys else 'no keys'}: 0 paid twice, 0 lost"
        )


def killed_at_random(theatre: Theatre, kills: int) -> Counter[str]:
    """Kill at random moments until there were so many; in a quarter of the rounds two processes share the ledger."""
    chance, told = random.Random(SEED), Counter[str]()
    while told["kills"] < kills:
        life = theatre.round(chance.choice(("many", "scheduled")), keys=chance.random() < 0.5)
        pair = 2 if chance.random() < 0.25 else 1
        told["rounds"] += 1
        told["shared"] += pair == 2
        for _ in range(chance.randint(1, 4)):
            children = [life.start() for _ in range(pair)]
            time.sleep(chance.uniform(0.01, 0.3))
            for child in children:
                child.send(signal.SIGKILL)
            told["kills"] += sum(child.wait() == -signal.SIGKILL for child in children)
        children = [life.start() for _ in range(pair)]
        assert [child.wait() for child in children] == [0] * pair, life.errors()
        life.check(6)
        told["documents"] += 6
    return told


def test_a_few_random_kills(theatre: Theatre) -> None:
    assert killed_at_random(theatre, 8)["kills"] >= 8


@pytest.mark.slow
@pytest.mark.kills
def test_random_kills(theatre: Theatre, capsys: pytest.CaptureFixture[str]) -> None:
    told = killed_at_random(theatre, 60 if SHORT else 1000)
    with capsys.disabled():
        print(f"\nfigure: random kills {dict(told)}: 0 paid twice, 0 lost")


@pytest.mark.slow
@pytest.mark.kills
def test_the_usual_script_pays_twice(theatre: Theatre, capsys: pytest.CaptureFixture[str]) -> None:
    """The same documents, killed while a job is in flight, and the official client with its results appended to a file: the harness can see duplicates."""
    chance, twice, kills, rounds, least = random.Random(SEED), 0, 0, 0, 3 if SHORT else 20
    while rounds < least or (
        not twice and rounds < 5 * least
    ):  # a child may end before a busy machine kills it
        rounds += 1
        life = theatre.round("naive")
        for number in range(1, 3):
            born, child = theatre.born(life.tag), life.start()
            while life.told().count("naive begins") < number and not child.ended():
                time.sleep(0.002)
            while theatre.born(life.tag) == born and not child.ended():  # so that something is in flight
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.02))
            child.send(signal.SIGKILL)
            kills += child.wait() == -signal.SIGKILL
        assert life.start().wait() == 0, life.errors()
        births = theatre.births(life.tag)
        assert len(births) == 6
        twice += sum(len(jobs) - 1 for jobs in births.values())
    with capsys.disabled():
        print(f"\nfigure: official client, {kills} kills, {6 * rounds} documents: {twice} paid twice")
    assert twice > 0


@pytest.mark.slow
@pytest.mark.kills
def test_a_stopped_owner_keeps_what_it_was_at(theatre: Theatre) -> None:
    """SIGSTOP in the middle of a create: the other process waits, however long, and makes no job of its own."""
    life = theatre.round("slow", keys=False)
    first = life.start()
    while "visit.sending after" not in life.told():
        time.sleep(0.0005)
    first.send(signal.SIGSTOP)
    second = life.start()
    over = second.wait(2.0 if SHORT else 10.0)
    births = life.theatre.births(life.tag)
    assert sum(map(len, births.values())) <= 1
    first.send(signal.SIGCONT)
    assert first.wait() == 0, life.errors()
    assert (second.wait() if over is None else over) == 0, life.errors()
    life.check(1)


@pytest.mark.slow
@pytest.mark.kills
def test_lost_and_failing_answers(mother: Mother, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Answers that are lost, and 503 after the job was made; killed in the middle besides."""
    faults = f"seed={SEED},lost=0.1,error-after=0.1:503,error-before@create=0.05:503,late=0.03:0.1,list-lag=0.2:0.1"
    with serving(tmp_path / "data", faults=faults) as server:
        theatre = Theatre(mother, tmp_path / "data", server.base_url, tmp_path)
        life = theatre.round("storm", keys=False)
        for _ in range(3):
            child = life.start()
            time.sleep(1.0)
            child.send(signal.SIGKILL)
            child.wait()
        assert life.start().wait() == 0, life.errors()
        life.check(60)
    with capsys.disabled():
        print("\nfigure: 60 documents, a quarter of the answers lost or failed, 3 kills: 0 duplicates")
