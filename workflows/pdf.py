"""PDFs from the templates of templates/letters: tagged (PDF/UA-1), archivable (PDF/A-2a), the same bytes for
the same data, and nothing but the data given.

What people typed reaches a template as JSON values and never as markup: typst shows `#read("/etc/passwd")` as
those very characters (P38, P39). Typesetting happens in a process apart, with limits on time and memory.
"""

import atexit
import json
import os
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from workflows.letters import FOLDER, PdfError, complete

__all__ = ["PdfError", "printable", "render_pdf"]

SECONDS = 30  # of wall clock for one document
MEMORY = 768 << 20  # bytes of address space of the process that typesets
SPENT = 256 << 20  # bytes of memory used after which that process is replaced: its cache only grows
DATA_MOST = 2_000_000  # bytes of JSON: some 500 pages
# Nothing of ours; and one thread, so that the space needed does not grow with the machine.
ENVIRONMENT = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}

# What the fonts that come with typst can show and PDF/A allows; tests typeset every one of them.
_SHOWN = (
    "\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u034e\u0370-\u0373\u0376-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1"
    "\u03a3-\u04ff\u05d0-\u05ea\u060c\u061b\u061f\u0621-\u063a\u0641-\u064a\u0660-\u0669\u1e00-\u1eff\u1f00-\u1f15"
    "\u2010-\u2027\u202f-\u2040\u2044-\u2052\u2070-\u2071\u2074-\u208e\u2090-\u209c\u20a0-\u20bf\u2100-\u211e"
    "\u2122\u2126\u2153-\u2184\u2190-\u22ff\u2460-\u24ff\u2500-\u25ff\u2610-\u2612\u2713\u2717\ufb00-\ufb06\ufffd"
)
_NOT_SHOWN = re.compile(f"[^{_SHOWN}]+")
# Invisible by nature: controls, zero-width joiners, and the marks that turn the reading order around.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
# French typesetting keeps a sign on the line of its word: « », ; : ! ? % € and the number that follows n°.
_LOOSE = re.compile("(?<=«) | (?=[»;:!?%€])|(?<=n°) ")


def render_pdf(template: str, data: Mapping[str, Any], *, produced_at: datetime) -> bytes:
    """The document `template` filled with `data`, dated `produced_at` in its properties.

    `data` holds what the comment at the top of the template asks for: texts (amounts and dates already
    formatted), flags, lists and groups of them. The same three arguments give the same bytes. Raises
    PdfError, which names what is missing, for an unknown template, for data that is not what the template
    needs, and for a document that does not fit the limits.
    """
    if produced_at.tzinfo is None:
        raise PdfError("produced_at needs a time zone")
    filled = printable(complete(template, data))
    return _typesetter.make({"template": template, "data": filled, "timestamp": int(produced_at.timestamp())})


def printable(value: Any) -> Any:
    """The same data with every text in composed form, made of characters that can be printed, and typeset as French is.

    What cannot be shown (an emoji, an ideogram) becomes "□": a document with a hole that is seen is better
    than one that is refused, or than one that hides it.
    """
    if isinstance(value, str):
        text = unicodedata.normalize(
            "NFC", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        )
        return _LOOSE.sub("\u00a0", _NOT_SHOWN.sub("□", _INVISIBLE.sub("", text)))
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    return [printable(item) for item in value] if isinstance(value, list) else value


class _Typesetter:
    """The process that typesets, started when first needed and replaced when it fails or grows old."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._inherited: subprocess.Popen[bytes] | None = None

    def make(self, request: Mapping[str, Any]) -> bytes:
        """One PDF. Raises PdfError; the process then starts afresh with the next request."""
        line = json.dumps(request, ensure_ascii=False).encode() + b"\n"
        if len(line) > DATA_MOST:
            raise PdfError(f"{request['template']}: {len(line)} bytes of data, more than {DATA_MOST}")
        with self._lock:
            process = self._ready()
            watch = threading.Timer(SECONDS, process.kill)
            watch.start()
            try:
                answer, pdf = _exchange(process, line)
            except (OSError, ValueError) as error:
                self.stop()
                raise PdfError(f"{request['template']}: too long or too large to be typeset") from error
            finally:
                watch.cancel()
            if answer["spent"]:
                self.stop()
        if answer["error"]:
            raise PdfError(f"{request['template']}: {answer['error'][:2000]}")
        return pdf

    def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(OSError), process:  # leaving the block closes the pipes and waits
                pass

    def forked(self) -> None:
        """In the child of a fork: leave the process, and a lock that may be held, to the parent."""
        self._lock = threading.Lock()
        self._inherited, self._process = self._process, None

    def _ready(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.stop()
            program = Path(__file__).with_name("typesetter.py")
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(program), str(self._folder), str(MEMORY), str(SPENT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=ENVIRONMENT,
            )
        return self._process


def _exchange(process: "subprocess.Popen[bytes]", line: bytes) -> tuple[dict[str, Any], bytes]:
    """Send a request, read its answer. Raises OSError or ValueError when the process ends in between."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line)
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    pdf = process.stdout.read(answer["size"])
    if len(pdf) != answer["size"]:
        raise OSError("the answer is cut short")
    return answer, pdf


_typesetter = _Typesetter()
atexit.register(_typesetter.stop)
os.register_at_fork(after_in_child=_typesetter.forked)
