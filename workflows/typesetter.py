"""The process that typesets: reads requests on its input, writes PDFs on its output, knows nothing else.

Run by `workflows.pdf` as a program of its own (never imported), with an empty environment and with limits on
memory and files, so that a document out of all proportion costs this process and not the one that asked
(P39). It can read the folder of templates it is given; it writes no file and downloads no package.

A request is one line of JSON (template, data, timestamp in UNIX seconds); an answer is one line of JSON
(`size`, `error`, `spent`) followed by `size` bytes. `spent` asks to be replaced: the cache of typst only grows.
"""

import json
import resource
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import typst

STANDARDS: list["typst.PDFStandard"] = ["a-2a", "ua-1"]  # archivable for good, and accessible


def limit(memory: int) -> None:
    """Bound this process for good: address space in bytes, no file written, few files open."""
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for which, most in wanted.items():
        with suppress(ValueError, OSError):  # some systems know no bound on address space
            resource.setrlimit(which, (most, most))


def main(folder: Path, memory: int, spent: int) -> None:
    """Answer requests until the input ends, with templates of `folder`; `memory` and `spent` are in bytes."""
    limit(memory)
    nowhere = folder / "no-packages"
    compiler = typst.Compiler(
        root=folder,
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            pdf = compiler.compile(
                folder / f"{request['template']}.typ",
                format="pdf",
                sys_inputs={"data": json.dumps(request["data"])},
                pdf_standards=STANDARDS,
                timestamp=datetime.fromtimestamp(request["timestamp"], UTC),
            )
        except typst.TypstError as error:
            answer(b"", error.diagnostic or error.message, spent)
        else:
            assert isinstance(pdf, bytes)
            answer(pdf, "", spent)


def answer(pdf: bytes, error: str, spent: int) -> None:
    """Write one answer, whole."""
    head = json.dumps({"size": len(pdf), "error": error, "spent": used() > spent})
    sys.stdout.buffer.write(head.encode() + b"\n" + pdf)
    sys.stdout.buffer.flush()


def used() -> int:
    """Bytes of memory that this process holds now; its recorded peak would count the parent it was forked from."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
