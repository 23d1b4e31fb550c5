"""Serve the built site at a local address, opened in the browser: ``python -m book.serve SITE``."""

import contextlib
import functools
import http.server
import sys
import webbrowser

PORTS = (8000, 0)  # the usual one, else one that is free


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def server(site, ports=PORTS):
    """Return a web server for the folder, on the first of the ports that is free."""
    handler = functools.partial(Quiet, directory=site)
    for port in ports[:-1]:
        with contextlib.suppress(OSError):
            return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    return http.server.ThreadingHTTPServer(("127.0.0.1", ports[-1]), handler)


def main(site):
    with server(site) as running, contextlib.suppress(KeyboardInterrupt):
        address = f"http://127.0.0.1:{running.server_port}/"
        print(f"The site is at {address} until you press Ctrl-C.", flush=True)
        webbrowser.open(address)
        running.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
