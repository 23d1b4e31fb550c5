"""Many submissions: jobs handed to processes of this machine or to a Dask cluster.

A job that dies is tried again, its submissions one by one; after three times a submission is given
up as ungraded.
"""

import contextlib
import dataclasses
import logging
import math
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from . import job

BATCH = 16  # submissions of one job at most
ATTEMPTS = 3
LOOK = 3  # seconds between two looks at a cluster
ANSWER = 10  # seconds in which a cluster has to answer


class LostCluster(Exception):
    """The scheduler of a cluster does not answer."""


def run(submissions, settings, *, workers=1, scheduler=None):
    """Yield (submission, checks, error) of each as it is done; checks or error is None."""
    by_id = {s.id: s for s in submissions}
    if not submissions:
        return
    with _cluster(scheduler) if scheduler else _processes(workers) as (executor, width, alive):
        size = min(BATCH, max(1, math.ceil(len(submissions) / (2 * width))))
        waiting = {}

        def start(batch, attempt):
            fields = [dataclasses.asdict(s) for s in batch]
            waiting[executor.submit(job.run, fields, settings)] = batch, attempt

        for i in range(0, len(submissions), size):
            start(submissions[i : i + size], 1)
        while waiting:
            for future in wait(waiting, timeout=LOOK, return_when=FIRST_COMPLETED).done:
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
            if waiting:
                alive()  # only now: what came before it was lost is kept


@contextlib.contextmanager
def _processes(workers):
    executor = ThreadPoolExecutor(workers)
    try:
        yield executor, workers, lambda: None
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        job.stop_all()
        raise
    executor.shutdown()


@contextlib.contextmanager
def _cluster(address):
    """Return a standard executor, its width, and a look at whether it still lives."""
    try:
        from distributed import Client
    except ImportError:
        raise LostCluster("--scheduler needs Dask: pip install distributed") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # one plain line says it all
    try:
        client = Client(address, set_as_default=False, timeout=ANSWER)
    except (OSError, ValueError, TimeoutError) as error:
        raise LostCluster(f"there is no scheduler at {address} ({type(error).__name__})") from None

    def alive():
        try:
            if client.status != "running":
                raise TimeoutError
            client.sync(client.scheduler.identity, callback_timeout=ANSWER)
        except (OSError, TimeoutError):
            raise LostCluster(f"the scheduler at {address} is gone") from None

    try:
        width = sum(client.nthreads().values()) or 1
        yield client.get_executor(pure=False, retries=ATTEMPTS), width, alive
    except (GeneratorExit, LostCluster):
        raise
    except Exception:
        alive()  # says so, if that is why
        raise
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=1)
