"""Photograph the page and its head: `face_*.png`, `page.png` and `page_phone.png` beside this file.

Every picture is the page in a browser without a window, served by `endplate serve`, with the course of a case. Needs
Chromium, at the path ENDPLATE_CHROMIUM or where Linux keeps it, and the built page (`make web`); without them the
pictures stay as they are. On a processor it takes some minutes.

Run:  python docs/figures/face.py
"""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import tempfile
import tomllib
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXAMPLES = ROOT / "examples"
STATIC = ROOT / "src" / "endplate" / "web" / "static" / "index.html"
CHROMIUM = Path(os.environ.get("ENDPLATE_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (ROOT / "frontend" / "tests" / "chromium_flags.txt").read_text(encoding="utf-8").split()
WORDS = "Illustration, not a prediction of a person. Research and education software, not a medical device."
GRADES = ("none", "mild", "moderate", "severe")
PATIENCE = 180_000  # ms until the first course of a kind is compiled
# The page draws coarsely on a processor. Pictures may take their time: hide its name.
FULL_DETAIL = """
const plain = WebGL2RenderingContext.prototype.getParameter;
WebGL2RenderingContext.prototype.getParameter = function (name) {
  const value = plain.call(this, name);
  return typeof value === 'string' && /swiftshader|llvmpipe/i.test(value) ? 'full detail' : value;
};
"""
# Points are drawn only where a picture asks for them: keep the scene as the page made it.
REMEMBER = """() => {
  const { viewer } = window.endplate;
  const show = viewer.show.bind(viewer);
  viewer.show = (scene) => { window.endplate.scene = scene; show(scene); };
}"""
SNAPSHOT = """async (points) => {
  const { viewer, scene } = window.endplate;
  viewer.show(points ? scene : { ...scene, markers: [] });
  const bytes = new Uint8Array(await (await viewer.snapshot()).arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}"""
# The view from the front: where the midline between the eyes is, and how many millimetres of skin fill the height.
ORIGIN, HEIGHT = 0.444, 246.0
UPPER_FACE = (-72.0, -40.0, 72.0, 80.0)  # left, low, right, high [mm]
FOREHEAD = (-72.0, -28.0, 72.0, 96.0)
BROW_LEVEL = 31.0  # near the top of an untreated brow [mm]
EYES = (-62.0, -24.0, 62.0, 44.0)
WHOLE = (-95.0, -124.0, 95.0, 129.0)
EUROPEAN, AFRICAN = (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)
MOST = 400_000  # bytes of a picture
GAP, MARGIN, INK, MUTED = 10, 14, "#1b1f24", "#5b6570"
Panel = tuple[Image.Image, str]
Words = Callable[["Sitting", int, str], str]


@contextmanager
def server() -> Iterator[str]:
    """The address of a server with an empty library, on a free port of this machine."""
    start = "from endplate.cli.main import main; main()"
    with tempfile.TemporaryDirectory() as library:
        command = [sys.executable, "-c", start, "serve", "--port", "0", "--library", library]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            told = iter(process.stdout or ())
            words = next((line for line in told if "http://" in line), None)
            if words is None:
                raise SystemExit("endplate serve does not start; run it to see why")
            yield words[words.index("http://") :].split()[0]
        finally:
            process.terminate()
            process.wait()


def example(name: str) -> dict[str, Any]:
    """The case of a file in `examples`."""
    return tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))


def link(case: dict[str, Any]) -> str:
    """The fragment that carries a case, as the page writes it."""
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(json.dumps({"case": case}).encode()) + packer.flush()
    return "#case=1." + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def open_page(browser: Browser, address: str, case: dict[str, Any], *, bands: bool = False, **screen: Any) -> Page:
    """The page with a case, once its first course is there."""
    context = browser.new_context(reduced_motion="reduce", **screen)
    context.add_init_script(FULL_DETAIL)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    if not bands:  # they take most of the time, and the head does not show them
        page.route("**/api/course", lambda route: route.continue_(url=f"{route.request.url}?bands=false"))
    page.goto(address + link(case))
    page.wait_for_selector("body[data-ready]:not([data-course='0'])[data-course]", state="attached")
    page.evaluate(REMEMBER)
    return page


def pose(page: Page, day: int, expression: str, **state: Any) -> None:
    """Show a day and an expression, and wait until the face is there."""
    # A new list makes the page draw again even where nothing else has changed.
    state = {"ancestry": EUROPEAN} | state
    page.evaluate("(state) => window.endplate.store.set(state)", {"day": day, "expression": expression} | state)
    page.wait_for_selector(f"body[data-day='{day}'][data-settled='{expression}']", state="attached")


@dataclass
class Sitting:
    """One person with one plan in front of the camera."""

    page: Page
    course: dict[str, Any]
    ancestry: tuple[float, float, float]

    def picture(self, day: int, expression: str, *, points: bool = False, session: int = 0) -> Image.Image:
        """The head alone, without the page around it."""
        pose(self.page, day, expression, ancestry=self.ancestry, session=session)
        return Image.open(io.BytesIO(base64.b64decode(self.page.evaluate(SNAPSHOT, points)))).convert("RGB")

    def value(self, day: int, *path: str) -> Any:
        """A curve of the course on a day; a list of one value per grade where the curve is one of grades."""
        curve: Any = self.course
        for key in path:
            curve = curve[key]
        values = np.asarray(curve, dtype=float)
        return values[int(np.searchsorted(self.course["days"], day))].tolist()

    def grade(self, day: int, region: str, effort: str = "maximum") -> str:
        """The grade that the model calls likeliest, with its probability."""
        shares = self.value(day, "regions", region, "grade_probability", effort, "investigator")
        best = int(np.argmax(shares))
        return f"{GRADES[best]} ({100 * shares[best]:.0f} %)"


@dataclass
class Studio:
    """A browser in front of a server."""

    browser: Browser
    address: str

    @contextmanager
    def sitting(
        self, case: dict[str, Any], *, ancestry: tuple[float, float, float] = EUROPEAN, back: int = 0
    ) -> Iterator[Sitting]:
        """Seat a person; `back` steps of the mouse wheel move the camera away."""
        screen = {"viewport": {"width": 1150, "height": 1000}, "device_scale_factor": 1.5}
        page = open_page(self.browser, self.address, case, **screen)
        for _ in range(back):
            page.locator("#head").hover(position={"x": 60, "y": 500})
            page.mouse.wheel(0, 100)
        course = page.evaluate("() => ({ ...window.endplate.store.state.plan.course, fields: [] })")
        yield Sitting(page, course, ancestry)
        page.context.close()


def cropped(
    image: Image.Image, box: tuple[float, float, float, float], width: int, *, nearer: float = 1.0
) -> Image.Image:
    """A part of the face, in millimetres around the midline between the eyes."""
    scale = nearer * image.height / HEIGHT
    middle, origin = image.width / 2, image.height * (0.5 + nearer * (ORIGIN - 0.5))
    left, low, right, high = box
    part = (middle + scale * left, origin - scale * high, middle + scale * right, origin - scale * low)
    return image.resize((width, round(width * (high - low) / (right - left))), Image.Resampling.LANCZOS, box=part)


def levelled(image: Image.Image, expression: str) -> Image.Image:
    """The forehead; at repose with a line at the height of the untreated brow."""
    part = cropped(image, FOREHEAD, 400)
    if expression == "repose":
        height = round(part.height * (FOREHEAD[3] - BROW_LEVEL) / (FOREHEAD[3] - FOREHEAD[1]))
        ImageDraw.Draw(part).line([(0, height), (part.width, height)], "white")
    return part


def signed(value: float) -> str:
    """Millimetres with a true minus, and no sign on what rounds to nothing."""
    text = f"{value:+.1f}".replace("-", "\u2212")
    return "0.0" if text[1:] == "0.0" else text


def brow_words(one: Sitting, day: int) -> str:
    """Change of the height of the left brow in words."""
    parts = [signed(one.value(day, "brow", "left", part)) for part in ("medial", "central", "lateral")]
    return f"brow, inner to outer: {', '.join(parts)} mm"


def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The typeface of the other figures."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(get_data_path(), "fonts", "ttf", name)), size)


def strip(name: str, rows: list[list[Panel]], note: str) -> None:
    """Panels in rows, captions under them (the first line bold), and the disclaimer."""
    first = rows[0][0][0]
    lines = max(caption.count("\n") for row in rows for _, caption in row) + 1
    wide, high = first.width + GAP, first.height + GAP + 21 * lines + 8
    notes = [*note.splitlines(), WORDS]
    size = (2 * MARGIN - GAP + wide * len(rows[0]), 2 * MARGIN + high * len(rows) + 18 * len(notes))
    sheet = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(sheet)
    for number, row in enumerate(rows):
        for place, (image, caption) in enumerate(row):
            x, y = MARGIN + wide * place, MARGIN + high * number
            sheet.paste(image, (x, y))
            for line, words in enumerate(caption.splitlines()):
                pen.text((x, y + first.height + 6 + 21 * line), words, INK, font(15, bold=line == 0))
    for line, words in enumerate(notes):
        pen.text((MARGIN, MARGIN + high * len(rows) + 18 * line), words, MUTED, font(13))
    save(sheet, name)


def save(image: Image.Image, name: str, colours: Image.Quantize = Image.Quantize.MEDIANCUT) -> None:
    """Write a picture with a palette of its own, through a temporary name."""
    packed, plain = io.BytesIO(), image.convert("RGB")
    palette = plain.quantize(256, method=colours, kmeans=0 if colours == Image.Quantize.MAXCOVERAGE else 1)
    plain.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(packed, "PNG", optimize=True)
    if len(packed.getvalue()) > MOST:
        print(f"{name} is too large for the repository: {len(packed.getvalue())} bytes, at most {MOST}")
    new = HERE / f".{name}.new"
    new.write_bytes(packed.getvalue())
    new.replace(HERE / name)
    print(f"{name}: {image.width} by {image.height}, {len(packed.getvalue()) // 1000} kB")


def draw_frown(studio: Studio) -> None:
    """The demo case over half a year."""
    days = (0, 7, 30, 112, 154, 196)
    with studio.sitting(example("frown")) as one:
        row = [
            (
                cropped(one.picture(day, "frown"), UPPER_FACE, 400),
                f"{f'Day {day}' if day else 'Before'}\n{one.grade(day, 'glabella')}",
            )
            for day in days
        ]
    note = "Full frown; 20 U of onabotulinumtoxinA by the label on day 0. Likeliest grade for an investigator."
    strip("face_frown.png", [row[:3], row[3:]], note)


def lessons(studio: Studio, cases: list[tuple[dict[str, Any], str]], day: int, words: Words) -> list[list[Panel]]:
    """Brow raise and repose, before treatment and on a day of every case; points are those of the last session."""
    rows: list[list[Panel]] = [[], []]
    for number, (case, title) in enumerate(cases):
        last = len(case["plan"]["session"]) - 1
        with studio.sitting(case) as one:
            for row, face in zip(rows, ("brow_raise", "repose"), strict=True):
                shown = face.replace("_", " ")
                if number == 0:
                    row.append((levelled(one.picture(0, face), face), f"Before, {shown}\n{words(one, 0, face)}"))
                image = one.picture(day, face, points=face == "brow_raise", session=last)
                row.append((levelled(image, face), f"{title}: day {day}, {shown}\n{words(one, day, face)}"))
    return rows


def draw_forehead(studio: Studio) -> None:
    """A forehead treated by the label, and one treated with too much and too low."""
    low = example("forehead_too_low")
    label = low | {"plan": {"product": "ona", "session": [{"at": 0, "pattern": "forehead-20u"}]}}

    def words(one: Sitting, day: int, face: str) -> str:
        return f"forehead lines {one.grade(day, 'forehead')}" if face == "brow_raise" else brow_words(one, day)

    rows = lessons(studio, [(label, "By the label, 20 U"), (low, "Too much, too low, 36 U")], 30, words)
    note = "Line: one height. Rings: points with their units. The label gives its points together with the glabella."
    strip("face_forehead.png", rows, note)


def draw_spock(studio: Studio) -> None:
    """A brow whose tail climbs, and its correction."""
    plain, mended = (example(name) for name in ("spock_brow", "spock_brow_corrected"))
    cases = [(plain, "Outer forehead left out"), (mended, "2 U a side on day 14")]
    rows = lessons(studio, cases, 44, lambda one, day, _: brow_words(one, day))
    note = (
        "Changes of the brow are those at repose. Line: one height. Rings: points of the last session with their units."
    )
    strip("face_spock.png", rows, note)


def draw_ptosis(studio: Studio) -> None:
    """A lid that falls after a point under the rim."""
    with studio.sitting(example("lid_ptosis")) as one:
        row = []
        for day, points in ((0, True), (26, False)):
            right, left = (one.value(day, "lid", side) for side in ("right", "left"))
            words = f"{f'Day {day}' if day else 'Before'}\nMRD1 right {right:.1f} mm, left {left:.1f} mm"
            row.append((cropped(one.picture(day, "repose", points=points), EYES, 530), words))
    note = "The subject's left is on the right. A fall of 2 mm, ptosis, is not reached. Rings: points with their units."
    strip("face_ptosis.png", [row], note)


def draw_skin(studio: Studio) -> None:
    """The demo case with skin type VI."""
    case = example("frown")
    case["patient"]["skin"] = {"fitzpatrick": 6}
    with studio.sitting(case, ancestry=AFRICAN, back=5) as one:
        row = [
            (
                cropped(one.picture(day, "frown"), WHOLE, 520, nearer=0.95**5),
                f"{f'Day {day}' if day else 'Before'}\n{one.grade(day, 'glabella')}",
            )
            for day in (0, 30)
        ]
    strip("face_skin.png", [row], "Skin type VI: colour only, no curve of the model follows it.")


def draw_age(studio: Studio) -> None:
    """The same plan at 30 and at 70 years, with the lines that the model expects at that age."""
    row: list[Panel] = []
    for age in (30, 70):
        case = example("frown")
        case["patient"] = {"age": age, "sex": "female"}
        with studio.sitting(case, back=5) as one:
            for day in (0, 30):
                words = f"{age} years, {f'day {day}' if day else 'before'}\n{one.grade(day, 'glabella')}"
                row.append((cropped(one.picture(day, "frown"), WHOLE, 340, nearer=0.95**5), words))
    strip(
        "face_age.png",
        [row],
        "Full frown; no grade was given, so that lines before treatment are those of the model at this age.",
    )


def draw_page(studio: Studio) -> None:
    """The page on a desk and on a telephone."""
    wide = {"viewport": {"width": 1280, "height": 800}}
    small = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    for name, screen, state in (
        ("page.png", wide, {"overlay": "muscles", "tab": "course"}),
        ("page_phone.png", small, {"overlay": "none", "tab": "course"}),
    ):
        page = open_page(studio.browser, studio.address, example("frown"), bands=True, **screen)
        pose(page, 30, "frown", **state)
        page.evaluate(SNAPSHOT, True)
        save(Image.open(io.BytesIO(page.screenshot())), name, Image.Quantize.MAXCOVERAGE)
        page.context.close()


PICTURES = {
    "frown": draw_frown,
    "forehead": draw_forehead,
    "spock": draw_spock,
    "ptosis": draw_ptosis,
    "skin": draw_skin,
    "age": draw_age,
    "page": draw_page,
}


def main(wanted: list[str]) -> None:
    """Draw every picture, or those that are named."""
    for path, what in (
        (CHROMIUM, "Chromium is not at {}: name its path in ENDPLATE_CHROMIUM"),
        (STATIC, "the page is not built: make web"),
    ):
        if not path.is_file():
            print(f"face_*.png and page*.png stay as they are; {what.format(path)}")
            return
    with server() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in wanted or PICTURES:
            PICTURES[name](Studio(browser, address))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
