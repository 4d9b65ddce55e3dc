"""How gunicorn serves the product: `gunicorn -c config/gunicorn.py config.wsgi`."""

import os
from typing import Any

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "config.reception.Worker"
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None  # the reverse proxy keeps it; it holds addresses of persons
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "info").lower()
control_socket_disable = True

# One connection for each thread of a worker, held in a pool.
os.environ.setdefault("DATABASE_POOL_SIZE", str(threads))


def child_exit(server: Any, worker: Any) -> None:
    """Let the metrics forget a worker that ended."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
