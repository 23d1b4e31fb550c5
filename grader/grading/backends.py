"""Many submissions: jobs handed to processes of this machine or to a Dask cluster.

A job that dies is tried again, its submissions one by one; after three times a submission is given
up as ungraded.
"""

import contextlib
import dataclasses
import math
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from . import job

BATCH = 16  # submissions of one job at most
ATTEMPTS = 3


def run(submissions, settings, *, workers=1, scheduler=None):
    """Yield (submission, checks, error) of each as it is done; checks or error is None."""
    by_id = {s.id: s for s in submissions}
    with _executor(workers, scheduler) as (executor, width):
        size = min(BATCH, max(1, math.ceil(len(submissions) / (2 * width))))
        waiting = {}

        def start(batch, attempt):
            fields = [dataclasses.asdict(s) for s in batch]
            waiting[executor.submit(job.run, fields, settings)] = batch, attempt

        for i in range(0, len(submissions), size):
            start(submissions[i : i + size], 1)
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                batch, attempt = waiting.pop(future)
                try:
                    lines, said = future.result()
                except Exception as error:  # whatever a lost worker of a cluster raises
                    lines, said = {}, f"{type(error).__name__}: {error}"
                for submission in batch:
                    line = lines.get(submission.id, {"checks": None, "error": said})
                    if line["checks"] is None and attempt < ATTEMPTS:
                        start([submission], attempt + 1)
                    else:
                        yield by_id[submission.id], line["checks"], line["error"]


@contextlib.contextmanager
def _executor(workers, scheduler):
    """An executor of the standard library's kind, and how many jobs it runs at a time."""
    if scheduler:
        from distributed import Client

        with Client(scheduler, set_as_default=False) as client:
            width = sum(client.nthreads().values()) or 1
            yield client.get_executor(pure=False, retries=ATTEMPTS), width
        return
    executor = ThreadPoolExecutor(workers)
    try:
        yield executor, workers
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        job.stop_all()
        raise
    executor.shutdown()
