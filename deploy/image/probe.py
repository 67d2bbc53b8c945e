"""Ask the process of this container how it is: `probe.py /livez`, `probe.py /readyz`. Exit status 0 when it is well.

Web, scheduler and worker all answer at port 8000 in the image. Nothing of the package is loaded: a probe comes every few
seconds and must cost next to nothing.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

SECONDS = 4


def main(path: str, address: str = "http://127.0.0.1:8000") -> int:
    """0 for an answer of 200; else 1, with what was said on standard error."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address + path, timeout=SECONDS):
            return 0
    except urllib.error.HTTPError as error:
        said = error.read(500).decode(errors="replace")
    except OSError as error:
        said = str(error)
    sys.stderr.write(f"{path}: {said}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
