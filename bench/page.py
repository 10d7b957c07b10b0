"""The page in chromium on a software renderer: seconds to ready, bytes, requests and frames while the slider moves.

Run against a server of its own: ``python bench/page.py``. Needs chromium and a built page (`make web`).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("ENDPLATE_CHROMIUM", "/usr/bin/chromium")
FLAGS = (Path(__file__).parents[1] / "frontend" / "tests" / "chromium_flags.txt").read_text(encoding="utf-8").split()
SECONDS, LOADS = 8, 3
# Moves the day at every frame, as a dragged slider does, and counts what is drawn.
MOVE = """seconds => new Promise(done => {
  const { viewer, store } = window.endplate;
  const first = viewer.frames, begin = performance.now();
  const step = () => {
    const now = performance.now() - begin;
    if (now > 1000 * seconds) return done((viewer.frames - first) / now * 1000);
    store.set({ day: Math.round(now / 20) % 300 });
    requestAnimationFrame(step);
  };
  step();
})"""


def main() -> None:
    """Measure and print."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as library, sync_playwright() as playwright:
        words = [str(Path(sys.executable).with_name("endplate")), "serve", "--port", str(port), "--library", library]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            server.stdout.readline()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            print(f"load {os.getloadavg()[0]:.1f}, chromium {browser.version}, software renderer")
            ready, sizes, requests = [], [], []
            for _ in range(LOADS):
                context = browser.new_context(viewport={"width": 1280, "height": 800})
                ready.append(_ready(context.new_page(), address, sizes))
                context.close()
            print(f"ready after {median(ready):.2f} s (median of {LOADS})")
            print(f"{sum(sizes) / LOADS / 1e6:.2f} MB over the wire")
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            _ready(page, address, [])
            page.wait_for_selector("body[data-course='1']", timeout=240_000)
            page.on("request", lambda request: requests.append(request.url))
            for expression, overlay in (("frown", "none"), ("repose", "none"), ("frown", "muscles")):
                page.evaluate(f"window.endplate.store.set({{expression: '{expression}', overlay: '{overlay}'}})")
                rate = page.evaluate(MOVE, SECONDS)
                print(f"{expression}, overlay {overlay}: {rate:.1f} frames/s while the day moves")
            print(f"requests while the day moved: {len(requests)}")
            browser.close()
        finally:
            server.terminate()
            server.wait()


def _ready(page: Page, address: str, sizes: list[int]) -> float:
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    begin = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("body[data-ready]", timeout=120_000)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
