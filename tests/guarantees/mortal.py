"""The product's own processes, made mortal: they die by SIGKILL at the nth moment that could matter, as a drill asks.

A moment is just before each statement that locks or writes, before and after each commit, before and after a mail leaves.
`mortal:application` is the product's WSGI application, and obeys the header `X-Die-At`; `python -m tests.guarantees.mortal`
delivers jobs of the outbox, each in a process of its own.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.core.wsgi import get_wsgi_application
from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE")


class Fate:
    """Counts the moments, writes each one down, and kills this process at the one that was asked for."""

    def __init__(self, die_at: int, *, commit_first: bool = False) -> None:
        self.die_at, self.commit_first, self.count = die_at, commit_first, 0

    def moment(self, name: str) -> None:
        self.count += 1
        if self.count == self.die_at:
            if self.commit_first:  # the witness: what if the product committed as it goes?
                connection.connection.commit()
            with Path(os.environ["MORTAL_LOG"]).open("a") as log:
                log.write(f"{name}\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def on_statement(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        words = str(sql).split(maxsplit=3)
        if words[0] in WRITES:
            self.moment(f"before {words[0]} {words[1 if words[0] == 'UPDATE' else 2]}".replace('"', ""))
        elif " FOR NO KEY UPDATE" in str(sql) or " FOR UPDATE" in str(sql) or " FOR SHARE" in str(sql):
            self.moment("before a lock")
        return execute(sql, params, many, context)

    def around(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.moment(f"before {name}")
            result = function(*args, **kwargs)
            self.moment(f"after {name}")
            return result

        return wrapped


@contextmanager
def mortal(fate: Fate) -> Iterator[None]:
    """Let ``fate`` watch what this thread does."""
    commit, send = connection._commit, EmailMessage.send
    connection._commit = fate.around(commit, "commit")  # type: ignore[method-assign]
    EmailMessage.send = fate.around(send, "mail")  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(fate.on_statement):
            yield
    finally:
        connection._commit, EmailMessage.send = commit, send  # type: ignore[method-assign]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """The product, which dies when asked to."""
    fate = Fate(int(environ.get("HTTP_X_DIE_AT", "0")), commit_first="HTTP_X_COMMIT_FIRST" in environ)
    with mortal(fate):
        return _product(environ, start_response)


def deliver_for_ever() -> None:
    """Read « job moment » lines; deliver each in a child that may die; answer with what it said, or « killed »."""
    from workflows.engine import outbox
    from workflows.models import OutboxJob

    for line in sys.stdin:
        job, die_at = line.split()
        pid = os.fork()
        if pid == 0:
            with mortal(Fate(int(die_at))):
                done = outbox.deliver(job, now=OutboxJob.objects.get(pk=job).due_at)
            os._exit(0 if done else 3)
        _pid, status = os.waitpid(pid, 0)
        said = (
            "killed"
            if os.WIFSIGNALED(status)
            else {0: "done", 3: "not done"}.get(os.WEXITSTATUS(status), "failed")
        )
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()


_product = get_wsgi_application()
if __name__ == "__main__":
    deliver_for_ever()
