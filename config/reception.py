"""The gunicorn worker: a request is received when its first bytes are there, not when a thread is free for it (P16)."""

from __future__ import annotations

import selectors
import time
from datetime import timedelta
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]


class Worker(ThreadWorker):
    """gunicorn's threads, which are told how long each request has waited for one of them.

    In the last minute before a call closes, requests wait: who pressed the button in time must not be late for that.
    Only the wait in our own queue counts; how long a client takes to send the rest is the client's own time.
    """

    def enqueue_req(self, conn: Any) -> None:
        """Let a connection wait for a thread, from the moment that there is something to read on it."""
        if conn.initialized or conn.data_ready:
            conn.waiting_since = time.monotonic()
            super().enqueue_req(conn)
            return
        # Just accepted: gunicorn would give it a thread at once, and the thread would wait for the client.
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:
        """Answer it, in a thread."""
        from workflows.engine.clock import waited  # gunicorn reads this file before Django is ready

        waited.set(timedelta(seconds=time.monotonic() - conn.waiting_since))
        return super().handle(conn)
