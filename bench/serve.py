"""The server under load: `python bench/serve.py`. A real `endplate serve`, asked by one client over the loopback.

1. 20 new plans at once: all answered?
2. 200 requests of kept plans a second for some seconds: all answered, and how fast?
3. Plans of ever new kinds, to see whether memory stays bounded.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
START = "from endplate.cli.main import main; main()"
SYSTEM = Path("/proc")
JSON = {"content-type": "application/json"}
LEAST_BYTES = 10_000  # of a compressed course


def plan(number: int, *, sessions: int = 1, points: int = 5) -> dict[str, Any]:
    """A plan like no other: the demo with its own doses."""
    tree = tomllib.loads((ROOT / "examples" / "frown.toml").read_text(encoding="utf-8"))
    first = tree["plan"]["session"][0]
    given = (first["injection"] * points)[:points]
    shots = [shot | {"dose": 2 + (number * 7 + index) % 97 / 10} for index, shot in enumerate(given)]
    tree["plan"]["session"] = [{"at": 84 * index, "injection": shots} for index in range(sessions)]
    return {"case": tree | {"title": f"Plan {number}"}}


def memory(process: int) -> dict[str, float]:
    """Memory of a process and its peak [MB], where the system tells."""
    file = SYSTEM / str(process) / "status"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    found = dict(line.split(":", 1) for line in lines)
    return {
        name: round(int(found[key].split()[0]) / 1024, 1)
        for name, key in (("now", "VmRSS"), ("peak", "VmHWM"))
        if key in found
    }


def work(process: int) -> float:
    """Processor time of a process so far [s], where the system tells."""
    file = SYSTEM / str(process) / "stat"
    if not file.is_file():
        return float("nan")
    fields = file.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def ask(client: httpx.AsyncClient, body: bytes, seen: Counter[str], times: list[float]) -> None:
    """One plan; its status and time are noted."""
    begun = time.perf_counter()
    try:
        async with client.stream("POST", "/api/course", content=body, headers=JSON) as answer:
            # As it came: unpacking would be the client's work.
            size = sum([len(part) async for part in answer.aiter_raw()])
        seen[str(answer.status_code) if size > LEAST_BYTES else "short"] += 1
        times.append(time.perf_counter() - begun)
    except httpx.HTTPError as error:
        seen[type(error).__name__] += 1


def told(what: str, seen: Counter[str], times: list[float], *, wall: float, used: float, process: int) -> None:
    """Print one line of results."""
    ordered = sorted(times) or [float("nan")]
    quantiles = {
        f"p{share}": round(1000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1)
        for share in (50, 95, 99, 100)
    }
    row = {"what": what, "answers": dict(seen), "wall_s": round(wall, 2), "per_s": round(seen.total() / wall, 1)}
    row |= {"server_ms_each": round(1000 * (work(process) - used) / seen.total(), 2), "load": os.getloadavg()[0]}
    print(json.dumps(row | {"ms": quantiles, "memory_MB": memory(process)}), flush=True)


async def at_once(client: httpx.AsyncClient, bodies: list[bytes], what: str, process: int) -> None:
    """All bodies at the same time."""
    seen, times, used, begun = Counter[str](), list[float](), work(process), time.perf_counter()
    await asyncio.gather(*(ask(client, body, seen, times) for body in bodies))
    told(what, seen, times, wall=time.perf_counter() - begun, used=used, process=process)


async def steady(client: httpx.AsyncClient, bodies: list[bytes], rate: int, seconds: float, process: int) -> None:
    """Kept plans at a fixed rate, whether answers come or not."""
    seen, times, used, begun = Counter[str](), list[float](), work(process), time.perf_counter()
    tasks = []
    for index in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + index / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(ask(client, bodies[index % len(bodies)], seen, times)))
    await asyncio.gather(*tasks)
    told(
        f"{rate}/s of kept plans for {seconds:g} s",
        seen,
        times,
        wall=time.perf_counter() - begun,
        used=used,
        process=process,
    )


async def load(address: str, process: int, asked: argparse.Namespace) -> None:
    """The whole load."""
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=address, timeout=600, limits=limits, trust_env=False) as client:
        begun = time.perf_counter()
        while not (await client.get("/api/health")).json()["ready"]:
            await asyncio.sleep(0.1)
        print(
            json.dumps({"what": "ready", "wall_s": round(time.perf_counter() - begun, 2), "memory_MB": memory(process)})
        )
        bodies = [json.dumps(plan(number)).encode() for number in range(20)]
        await at_once(client, bodies, "20 new plans at once", process)
        await steady(client, bodies, 200, asked.seconds, process)
        for lot in range(asked.lots):
            fresh = [json.dumps(plan(1000 + 20 * lot + number)).encode() for number in range(20)]
            await at_once(client, fresh, f"20 further plans, lot {lot + 1}", process)
        for kind in range(asked.kinds):
            body = json.dumps(plan(5000 + kind, sessions=1 + kind % 3, points=4 + 9 * kind)).encode()
            await at_once(client, [body], f"a plan of a new kind, {kind + 1}", process)


def main() -> None:
    """Start a server, load it, end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of the steady load")
    parser.add_argument("--lots", type=int, default=5, help="lots of 20 new plans afterwards")
    parser.add_argument("--kinds", type=int, default=3, help="plans of new kinds, which compile")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as library:
        words = ["serve", "--port", "0", "--library", library]
        server = subprocess.Popen(
            [sys.executable, "-c", START, *words], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        assert server.stdout is not None
        try:
            address = server.stdout.readline().split()[3]
            asyncio.run(load(address, server.pid, asked))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
    print(json.dumps({"what": "ended", "status": server.returncode}))


if __name__ == "__main__":
    main()
