import contextlib
import functools
import http.server
import os
import re
import threading

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")  # no window; not by the environment, which the notebooks' kernels inherit

from sample import EVERYTHING

from book import browser as chromium

# What a machine may lack: the word in a test's reason for being skipped, what then is not tested,
# and how to have it tested.
LACKS = {
    "chromium": ("the site in a browser", "sudo apt-get install -y chromium"),
    "bubblewrap": ("the sandbox of the graders", "sudo apt-get install -y bubblewrap"),
    "user namespaces": (
        "the sandbox of the graders",
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "torch": (
        "agreement with PyTorch",
        ".venv/bin/python -m pip install torch --index-url https://download.pytorch.org/whl/cpu",
    ),
    "pyodide": ("notebooks in the browser's own Python", "export PYODIDE_TEST=cdn"),
}


def pytest_terminal_summary(terminalreporter):
    """Say what was tried on a sample only, and what not at all, and the commands that mend it."""
    stats = terminalreporter.stats
    tried = [*stats.get("passed", []), *stats.get("failed", [])]
    sampled = sum("sampled" in report.keywords for report in tried)
    if sampled and not EVERYTHING:
        terminalreporter.write_line(
            f"{sampled} tests tried a sample of what there is; to try everything: make test-all"
        )
    reasons = [report.longrepr[2].lower() for report in stats.get("skipped", [])]
    found = {word: sum(word in reason for reason in reasons) for word in LACKS}
    lacking = [LACKS[word] + (count,) for word, count in found.items() if count]
    if lacking:
        what = ", ".join(f"{what} ({count} tests)" for what, _, count in lacking)
        commands = " && ".join(command for _, command, _ in lacking)
        terminalreporter.write_sep("-", "not tested on this machine")
        terminalreporter.write_line(
            f"Not tested: {what}. To test that too:\n  {commands} && make test"
        )


def pytest_runtest_setup(item):
    """Fail on a notebook's cell that was never executed: nbval would run it and compare nothing."""
    if item.path.suffix == ".ipynb" and item.cell.execution_count is None:
        pytest.fail("never executed, so there is nothing to compare with: run `make normalize`")


def pytest_make_parametrize_id(val):
    """Name bytes by their letters: `make mutants` lets pytest escape nothing."""
    return ascii(val[:20])[2:-1] if isinstance(val, bytes) else None


# Files whose tests share what takes long to make: an environment, a build, frames.
MAKE_ONCE = (
    "test_explorer_pages.py",
    "test_lite.py",
    "test_quadrant_table.py",
    "test_readme.py",
    "test_wheel.py",
)


@pytest.hookimpl(optionalhook=True)  # where xdist is installed
def pytest_xdist_make_scheduler(config, log):
    """Hand out tests one by one, but together what shares a kernel, an opened page or a build."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            path = nodeid.partition("::")[0]
            if path.endswith((".ipynb", *MAKE_ONCE)):
                return path
            page = re.search(r"\[.*?([\w/]+\.html)", nodeid)
            return path + page[1] if page else nodeid

    return Scheduling(config, log)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def browser():
    if chromium.find() is None:
        pytest.skip(chromium.MISSING)
    with chromium.start() as browser:
        yield browser


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.set_default_timeout(180_000)  # a kernel in the browser takes its time
    yield page
    context.close()


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = (
        128  # a page asks for dozens of files at once; the default drops what exceeds 5
    )


@pytest.fixture(scope="session")
def serve():
    """``with serve(site, prefix) as address``: a web server, with lite, if given, at /lite/."""

    @contextlib.contextmanager
    def serve_(site, prefix, lite=None):
        class Handler(http.server.SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def translate_path(self, path):
                path = path.removeprefix(prefix)
                self.directory = lite.parent if lite and path.startswith("/lite/") else site
                return super().translate_path(path)

            def log_message(self, *args):
                pass

        handler = functools.partial(Handler, directory=site)
        with Server(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
            server.shutdown()

    return serve_
