"""Many jobs at once: one small list tells of all of them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from extract_bridge.client.effects import Call, Flow, Sleep
from extract_bridge.client.flows.jobs import PATH, get, page_of
from extract_bridge.client.flows.request import Api, ask
from extract_bridge.core.errors import WaitTimeoutError
from extract_bridge.core.wire.jobs import ExtractV2Job

if TYPE_CHECKING:
    from collections.abc import Iterable

AT_ONCE = 100  # ids in one request: the address stays below the 8 kB that servers take


class Watch:
    """Jobs that are waited for.

    Args:
        api: The service.
        job_ids: Of the jobs; each counts once.
        timeout: Seconds for all of them.
    """

    def __init__(self, api: Api, job_ids: Iterable[str], timeout: float) -> None:
        self.api = api
        self.open = list(dict.fromkeys(job_ids))
        self.timeout = timeout
        self._ended: deque[str] = deque()  # not read in full yet: so only one full job is held at a time
        self._deadline = api.clock.monotonic() + timeout
        self._pauses = api.poll.pauses()

    @property
    def is_over(self) -> bool:
        """Whether every job was given."""
        return not self.open and not self._ended

    def next(self) -> Flow[ExtractV2Job]:
        """The next job that ended, in full.

        Raises:
            WaitTimeoutError: none ended in time.
            NotFoundError: the service knows no such job.
        """
        while not self._ended:
            looked = yield from self._look()
            self._ended.extend(job_id for job_id in self.open if looked[job_id].is_final)
            if self._ended:
                self._pauses = self.api.poll.pauses()
                self.open = [job_id for job_id in self.open if not looked[job_id].is_final]
                break
            left = self._deadline - self.api.clock.monotonic()
            if left <= 0:
                raise WaitTimeoutError(
                    f"{len(self.open)} jobs are not final after {self.timeout:g} s",
                    job=looked[self.open[0]],
                    hint="They go on, nothing is lost: call as_completed again with the ids that did not come",
                )
            yield Sleep(min(next(self._pauses), left))
        return (yield from get(self.api, self._ended.popleft()))

    def _look(self) -> Flow[dict[str, ExtractV2Job]]:
        """The state of every open job. One that the list does not show (yet) is read by itself."""
        found: dict[str, ExtractV2Job] = {}
        for start in range(0, len(self.open), AT_ONCE):
            found.update((yield from listed(self.api, self.open[start : start + AT_ONCE])))
        for job_id in self.open:
            if job_id not in found:
                found[job_id] = yield from get(self.api, job_id, expand=())
        return found


def listed(api: Api, asked: list[str]) -> Flow[dict[str, ExtractV2Job]]:
    """The state of jobs by one list call, or several where its pages are smaller; a job that no page shows is left out.

    Args:
        api: The service.
        asked: Ids of at most `AT_ONCE` jobs.
    """
    wanted, token, found = set(asked), None, dict[str, ExtractV2Job]()
    while wanted:
        query = [*(("job_ids", job_id) for job_id in asked), ("page_size", str(AT_ONCE)), *api.scope]
        query += [("page_token", token)] if token else []
        items, token, _ = page_of((yield from ask(api, Call("GET", PATH, query))))
        jobs = [ExtractV2Job.read(item) for item in items]
        found.update((job.id, job) for job in jobs if job.id in wanted)
        wanted -= {job.id for job in jobs}
        if not token or any(job.id not in asked for job in jobs):  # such a service does not filter by id
            break
    return found
