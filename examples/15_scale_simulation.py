"""How long, how many requests, what price: a run over many documents, simulated before it is paid for.

    python examples/15_scale_simulation.py                   # 20,000 documents, seven ways
    python examples/15_scale_simulation.py 1000000           # a minute

Time is simulated, and chance comes from a seed: the same call prints the same. The service's figures are those of LlamaCloud as far as they
are known (see scale.md); put your own plan's in their place. The client's side is what `extract_many` does: so many documents in flight,
uploads and creates held to what the service takes, refusals (429) waited out, lost answers settled and never sent twice.
"""

from __future__ import annotations

import heapq
import sys
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from extract_bridge.core.pricing import LIST_PRICES, price

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Service:
    """What a service takes and how long it needs.

    Attributes:
        uploads: Files a second.
        creates: Jobs a second.
        running: Jobs at one time; more wait at the service.
        seconds: Of a job, without its pages.
        seconds_a_page: On top.
        spread: How widely the seconds scatter (sigma of a log-normal factor).
        refused: Share of requests that are refused for a while (429).
        retry_after: Seconds until such a request is sent again.
        lost: Share of creates whose answer is lost.
        failed: Share of jobs that end FAILED; they are tried once more.
    """

    uploads: float = 10.0
    creates: float = 15.0
    running: int = 200
    seconds: float = 6.0
    seconds_a_page: float = 2.0
    spread: float = 0.5
    refused: float = 0.01
    retry_after: float = 2.0
    lost: float = 0.001
    failed: float = 0.005


@dataclass(frozen=True)
class Plan:
    """What is to be read, and how.

    Attributes:
        documents: How many.
        pages: Of one, on average.
        tier: The extract tier.
        in_flight: `max_concurrency`.
        settle_after: Seconds until a lost answer is settled (`RetryPolicy.settle_after`); other documents go on.
        safe: False is a script that sends a create again whose answer was lost.
    """

    documents: int
    pages: float = 3.0
    tier: str = "cost_effective"
    in_flight: int = 200
    settle_after: float = 60.0
    safe: bool = True


@dataclass
class Outcome:
    """What came of it."""

    seconds: float = 0.0
    pages: int = 0
    credits: float = 0.0
    requests: int = 0
    refused: int = 0
    lost: int = 0
    paid_twice: int = 0
    failed: int = 0

    @property
    def dollars(self) -> float:
        """At the list price."""
        return self.credits * LIST_PRICES.dollars_a_credit


class Tokens:
    """So many a second, in the order in which they are asked for."""

    def __init__(self, rate: float) -> None:
        self._gap, self._next = 1 / rate, 0.0

    def at(self, moment: float) -> float:
        """When something that is ready at a moment may be sent."""
        self._next = max(self._next, moment) + self._gap
        return self._next - self._gap


def simulate(plan: Plan, service: Service, seed: int = 1) -> Outcome:
    """One run. Each document is a generator that yields the moment until which it waits; a heap gives them their turns in order."""
    run = Run(plan, service, Random(seed))
    turns = [(0.0, number, run.document()) for number in range(min(plan.in_flight, plan.documents))]
    begun = len(turns)
    while turns:
        run.now, number, document = heapq.heappop(turns)
        try:
            heapq.heappush(turns, (next(document), number, document))
        except StopIteration:
            if begun < plan.documents:  # its place is free
                heapq.heappush(turns, (run.now, begun, run.document()))
                begun += 1
    run.out.seconds = run.now
    run.out.requests += round(
        run.now * max(1, min(plan.in_flight, service.running) // 50)
    )  # looks: 50 jobs a list
    return run.out


class Run:
    """What the documents of a run share: the clock, the limits, the service's workers, chance, and the counts."""

    def __init__(self, plan: Plan, service: Service, chance: Random) -> None:
        self.plan, self.service, self.chance, self.out = plan, service, chance, Outcome()
        self.now = 0.0
        self._uploads, self._creates = Tokens(service.uploads), Tokens(service.creates)
        self._workers = [0.0] * min(service.running, plan.in_flight)  # when each is free

    def document(self) -> Iterator[float]:
        """Upload, create, wait, read; once more where the job FAILED."""
        pages = 1 + int(self.chance.expovariate(1 / max(self.plan.pages - 1, 1e-9)) + 0.5)
        cost = price(tier=self.plan.tier, pages=pages).total
        for attempt in range(2):
            yield from self._sent(self._uploads)
            yield from self._sent(self._creates)
            if self.chance.random() < self.service.lost:
                yield from self._settled(cost)
            work = self.service.seconds + self.service.seconds_a_page * pages
            work *= self.chance.lognormvariate(0, self.service.spread)
            end = max(self.now, heapq.heappop(self._workers)) + work
            heapq.heappush(self._workers, end)
            yield end + 0.5  # half a look later it is seen
            self.out.requests += 1  # the read in full
            if attempt or self.chance.random() >= self.service.failed:
                self.out.pages += pages
                self.out.credits += cost
                return
            self.out.failed += 1

    def _sent(self, tokens: Tokens) -> Iterator[float]:
        """Waits until a request goes through; a refused one waits longer and is sent again."""
        yield tokens.at(self.now)
        self.out.requests += 1
        while self.chance.random() < self.service.refused:
            self.out.refused += 1
            self.out.requests += 1
            yield self.now + self.service.retry_after

    def _settled(self, cost: float) -> Iterator[float]:
        """A create whose answer was lost: the job is looked for by its file, or, by a naive script, made and paid again."""
        self.out.lost += 1
        if self.plan.safe:
            self.out.requests += 2  # the lists that find it
            yield self.now + self.plan.settle_after
        else:
            self.out.paid_twice += 1
            self.out.credits += cost


def clock(seconds: float) -> str:
    """Hours and minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min"


def show(title: str, out: Outcome, documents: int) -> None:
    """One line of the table."""
    rate = documents / out.seconds
    print(
        f"{title:<30}{clock(out.seconds):>12}{rate:>6.1f}/s{out.credits:>12,.0f}{out.dollars:>9,.0f} ${out.requests:>11,}"
        f"{out.refused:>8,}{out.lost:>6,}{out.paid_twice:>7,}"
    )


def main(documents: int) -> None:
    plan, service = Plan(documents), Service()
    print(f"{documents:,} documents of {plan.pages:g} pages")
    print(
        f"{'':<30}{'time':>12}{'rate':>8}{'credits':>12}{'':>11}{'requests':>11}{'refused':>8}{'lost':>6}{'twice':>7}"
    )
    for title, changed, other in (
        ("4 in flight", replace(plan, in_flight=4), service),
        ("50 in flight", replace(plan, in_flight=50), service),
        ("200 in flight", plan, service),
        ("1,000 in flight", replace(plan, in_flight=1000), service),
        ("200, a third of calls refused", plan, replace(service, refused=0.33)),
        ("200, agentic", replace(plan, tier="agentic"), service),
        ("200, a script without a ledger", replace(plan, safe=False), service),
    ):
        show(title, simulate(changed, other), documents)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
