"""Personal PDFs a second: ours against headless Chromium and WeasyPrint, on the same content and machine in one run.

Method: buyers' reports of three pages with four figures, two charts and a table of 80 rows; no two are equal. Ours
goes from the document to tagged bytes, charts included, in two spawned processes. The peers print lean HTML that was
made beforehand, with the same content and fonts. Chromium is warm and prints from three tabs at a time: once as reports
made by a browser do, where the page draws its charts itself (Vega-Lite), and once with our charts put in as ready SVG.
WeasyPrint, which runs no scripts, gets ready SVG too, in two spawned processes. Everyone is warmed with one report
before the clock starts, and the work is done in rounds, one after another, so that what else the machine does falls on
all alike; CPU time (of the whole process tree) is what the work costs on a busy machine too. The number of reports is an option; the time for 1,000 is what the measured rate would need.

    python benchmarks/burst.py --documents 1000 --peers 60
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from personal import cpu
from personal.document import document
from personal.page import PEERS, page
from playwright.async_api import Page, async_playwright

PROCESSES = 2
TABS = 3
PAGES = 3
CHROMIUM = "/usr/bin/chromium"
RESULTS = Path(__file__).parent / "results" / "burst.json"

Rate = dict[str, float]
Work = Callable[..., bytes]


def ours(number: int) -> bytes:
    from broadsheet.core.theme import DEFAULT
    from broadsheet.reports.ports import FORMATS

    return FORMATS.get("pdf").render(document(number), theme=DEFAULT)


def weasyprint(path: str) -> bytes:
    from weasyprint import HTML

    return HTML(filename=path).write_pdf()


class Processes:
    """Warm spawned processes that make PDFs by *work*."""

    def __init__(self, work: Work, first: object) -> None:
        before = cpu.children()
        self.work = work
        self.pool = ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn"))
        for data in self.pool.map(work, [first] * PROCESSES * 2):
            expect(data)
        self.roots = cpu.children() - before

    def run(self, inputs: list[object]) -> list[int]:
        return [len(data) for data in self.pool.map(self.work, inputs, chunksize=4 if len(inputs) > 40 else 1)]

    def close(self) -> None:
        self.pool.shutdown()


class Tabs:
    """Warm tabs of one headless Chromium, each in a context of its own."""

    def __init__(self, first: str) -> None:
        before = cpu.children()
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self._open(first))
        self.roots = cpu.children() - before

    async def _open(self, first: str) -> None:
        self.driver = await async_playwright().start()
        self.browser = await self.driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        self.tabs = [await (await self.browser.new_context()).new_page() for _ in range(TABS)]
        for data in await asyncio.gather(*(self._print(tab, first) for tab in self.tabs)):
            expect(data)

    async def _print(self, tab: Page, path: str) -> bytes:
        await tab.goto(Path(path).as_uri())
        await tab.evaluate("window.drawn && window.drawn.then(() => true)")
        return await tab.pdf(prefer_css_page_size=True, print_background=True, tagged=True)

    def run(self, inputs: list[object]) -> list[int]:
        return self.loop.run_until_complete(self._run([str(path) for path in inputs]))

    async def _run(self, paths: list[str]) -> list[int]:
        waiting, sizes = iter(paths), []

        async def work(tab: Page) -> None:
            for path in waiting:
                sizes.append(len(await self._print(tab, path)))

        await asyncio.gather(*(work(tab) for tab in self.tabs))
        return sizes

    def close(self) -> None:
        self.loop.run_until_complete(self.browser.close())
        self.loop.run_until_complete(self.driver.stop())


def expect(data: bytes) -> None:
    """End unless *data* is a PDF of as many pages as the others': otherwise the figures would mean nothing."""
    from pypdf import PdfReader

    pages = len(PdfReader(io.BytesIO(data)).pages)
    if pages != PAGES:
        sys.exit(f"a report has {pages} pages instead of {PAGES}: the figures would mean nothing")


def rate(documents: int, seconds: float, busy: float, size: int) -> Rate:
    return {
        "documents": documents,
        "seconds": round(seconds, 3),
        "per_second": round(documents / seconds, 2),
        "seconds_for_1000": round(1000 * seconds / documents, 1),
        "cpu_milliseconds_each": round(1000 * busy / documents, 1),
        "kilobytes_each": round(size / documents / 1000, 1),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=240, help="reports that we make (default 240)")
    options.add_argument("--peers", type=int, default=30, help="reports that each peer makes (default 30)")
    options.add_argument("--rounds", type=int, default=3, help="rounds that the work is done in (default 3)")
    chosen = options.parse_args()
    install_peers()
    with tempfile.TemporaryDirectory() as folder:
        ready = written(Path(folder), chosen.peers, vega=False)
        drawing = written(Path(folder), chosen.peers, vega=True)
        work: dict[str, tuple[Processes | Tabs, list[object]]] = {
            "ours": (Processes(ours, 0), list(range(1, chosen.documents + 1))),
            "Chromium, drawing": (Tabs(str(drawing[0])), drawing[1:]),
            "Chromium, charts ready": (Tabs(str(ready[0])), ready[1:]),
            "WeasyPrint": (Processes(weasyprint, ready[0]), ready[1:]),
        }
        report(measured(work, chosen.rounds))


def install_peers() -> None:
    """What a browser draws charts with: not a part of the product, so it is fetched here (locked by its own file)."""
    if not PEERS.is_dir():
        npm = Path(__file__).parents[1] / "scripts" / "npm"
        subprocess.run([npm, "--prefix", PEERS.parent, "ci", "--ignore-scripts", "--loglevel=error"], check=True)


def written(folder: Path, count: int, *, vega: bool) -> list[object]:
    """Paths of *count* pages and one to warm up with."""
    paths: list[object] = []
    for number in range(count + 1):
        path = folder / f"{number}-{'vega' if vega else 'svg'}.html"
        path.write_text(page(document(number), vega=vega), "utf-8")
        paths.append(str(path))
    return paths


def measured(work: dict[str, tuple[Processes | Tabs, list[object]]], rounds: int) -> dict[str, Rate]:
    taken, busy, size = dict.fromkeys(work, 0.0), dict.fromkeys(work, 0.0), dict.fromkeys(work, 0)
    for turn in range(rounds):
        for name, (maker, inputs) in work.items():
            start, used = time.perf_counter(), cpu.seconds(maker.roots)
            size[name] += sum(maker.run(inputs[turn::rounds]))
            taken[name] += time.perf_counter() - start
            busy[name] += cpu.seconds(maker.roots) - used
    for maker, _ in work.values():
        maker.close()
    return {name: rate(len(inputs), taken[name], busy[name], size[name]) for name, (_, inputs) in work.items()}


def report(found: dict[str, Rate]) -> None:
    print(
        f"{'':<24}{'reports':>8}{'a second':>10}{'for 1,000':>12}{'ours is':>9}{'CPU ms each':>13}{'ours is':>9}{'kB each':>9}"
    )
    mine = found["ours"]
    ratios = {}
    for name, one in found.items():
        ratio = mine["per_second"] / one["per_second"]
        lighter = one["cpu_milliseconds_each"] / mine["cpu_milliseconds_each"]
        print(
            f"{name:<24}{one['documents']:>8.0f}{one['per_second']:>10.1f}{one['seconds_for_1000']:>10.0f} s{ratio:>8.1f}×"
            f"{one['cpu_milliseconds_each']:>13.0f}{lighter:>8.1f}×{one['kilobytes_each']:>9.0f}"
        )
        if one is not mine:
            ratios[f"reports a second, ours to {name}"] = round(ratio, 2)
            ratios[f"CPU a report, {name} to ours"] = round(lighter, 2)
    RESULTS.parent.mkdir(exist_ok=True)
    content = {
        "peers": {name: one for name, one in found.items() if name != "ours"},
        "ours": mine,
        "ratios": ratios,
        "method": " ".join((__doc__ or "").split("\n\n")[1].split()),
    }
    RESULTS.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
