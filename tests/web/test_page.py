"""The built page in a real browser, against the real server."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from endplate.case import case_notes
from endplate.case.file import parse_case, read_case
from endplate.course.case import simulate_case
from endplate.evidence import load
from endplate.report.document import plain
from endplate.report.summary import summarise
from endplate.web import Settings

CHROMIUM = Path(os.environ.get("ENDPLATE_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (Path(__file__).parents[2] / "frontend" / "tests" / "chromium_flags.txt").read_text(encoding="utf-8").split()
LARGEST_PAGE = 3_000_000  # bytes over the wire


def _need(there: bool, words: str) -> None:
    if there:
        return
    if os.environ.get("ENDPLATE_NEEDS_PAGE"):
        pytest.fail(words)
    pytest.skip(words)


@dataclass
class Seen:
    """What a page asked for and complained of."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    bytes: int = 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    _need(CHROMIUM.exists(), f"no chromium at {CHROMIUM}; install it, or name another in ENDPLATE_CHROMIUM")
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield one
        one.close()


@pytest.fixture(scope="module")
def address(serve, tmp_path_factory) -> Iterator[str]:
    settings = Settings(patients=0, seconds=900.0, patience=900.0, library=tmp_path_factory.mktemp("kept") / "library")
    _need(settings.page, "the page is not built; run `make web` (needs npm)")
    with serve(settings) as client:
        yield str(client.base_url)


@contextmanager
def opened(
    browser: Browser, address: str, *, width: int = 1200, height: int = 760, **options
) -> Iterator[tuple[Page, Seen]]:
    """A page with its first course; afterwards, nothing was wrong and nothing was asked of any other host."""
    context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **options)
    page, seen = context.new_page(), Seen()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("console", lambda said: seen.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(address)
    page.wait_for_selector("body[data-ready]", timeout=120_000)
    page.wait_for_selector("body[data-course='1']", timeout=240_000)
    try:
        yield page, seen
        assert not seen.complaints
        assert not [url for url in seen.requests if not url.startswith((address, "blob:", "data:"))]
    finally:
        context.close()


def state(page: Page, name: str):
    """A part of the page's state."""
    return page.evaluate("name => window.endplate.store.state[name]", name)


def told(page: Page, **parts) -> None:
    """Set parts of the page's state."""
    page.evaluate("parts => window.endplate.store.set(parts)", parts)


def picture(page: Page) -> np.ndarray:
    """The head as drawn, in full detail (H, W, 3)."""
    taken = page.evaluate(
        """async () => {
          const blob = await window.endplate.viewer.snapshot();
          return Array.from(new Uint8Array(await blob.arrayBuffer()));
        }"""
    )
    return np.asarray(Image.open(io.BytesIO(bytes(taken))).convert("RGB"), float)


def around(page: Page, image: np.ndarray, at: tuple[float, float], half: int = 40) -> np.ndarray:
    """The part of a picture around a place of the simulator's frontal plane [mm]."""
    where = page.evaluate(
        """at => {
          const box = document.getElementById('head').getBoundingClientRect();
          const to = window.endplate.viewer.place(at);
          return [(to.x - box.left) / box.width, (to.y - box.top) / box.height];
        }""",
        list(at),
    )
    column, row = int(where[0] * image.shape[1]), int(where[1] * image.shape[0])
    return image[max(row - half, 0) : row + half, max(column - half, 0) : column + half]


def settle(page: Page, expression: str, day: int) -> np.ndarray:
    told(page, expression=expression, day=day, playing=False)
    page.wait_for_selector(f"body[data-settled='{expression}'][data-day='{day}']")
    return picture(page)


def test_the_head_is_drawn_and_the_page_is_light(browser, address):
    context = browser.new_context()
    page, sizes = context.new_page(), []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(address)
    page.wait_for_selector("body[data-ready]", timeout=120_000)
    image = picture(page)
    assert image.std() > 20
    skin = (image[..., 0] > image[..., 2] + 15).mean()
    assert skin > 0.08
    assert 100_000 < sum(sizes) < LARGEST_PAGE
    context.close()


def test_every_screen_says_what_it_is_not(browser, address):
    with opened(browser, address) as (page, _):
        for tab in ("plan", "patient", "course", "keep"):
            told(page, tab=tab)
            words = page.locator("footer").inner_text()
            assert page.locator("footer").is_visible()
            assert "not a medical device" in words
            assert "not a prediction of a person" in words


def test_the_page_shows_the_numbers_of_the_command_line(browser, address):
    with opened(browser, address) as (page, _):
        shown, document = state(page, "plan")["course"], state(page, "case")
        text = page.request.post(f"{address}/api/case/write", data={"case": document}).text()
    case = parse_case(text)
    course = simulate_case(case)
    summary = summarise(course, case.patient.baseline)
    expected = plain(case, course, summary=summary, notes=case_notes(case, load()))
    assert shown["days"] == expected["days"]
    for muscle, curves in expected["muscles"].items():
        np.testing.assert_allclose(shown["muscles"][muscle]["force"], curves["force"], atol=1e-6)
    for region, curves in expected["regions"].items():
        for name in ("strain", "depth_effort", "depth_rest"):
            np.testing.assert_allclose(shown["regions"][region][name], curves[name], atol=1e-6)
        maximum = expected["regions"][region]["grade_probability"]["maximum"]["investigator"]
        np.testing.assert_allclose(
            shown["regions"][region]["grade_probability"]["maximum"]["investigator"], maximum, atol=1e-6
        )
    np.testing.assert_allclose(shown["lid"]["left"], expected["lid"]["left"], atol=1e-6)


def test_time_is_followed_in_the_browser_and_the_frown_fades_and_returns(browser, address):
    with opened(browser, address) as (page, seen):
        before, asked = settle(page, "frown", 0), len(seen.requests)
        smooth, back = settle(page, "frown", 30), settle(page, "frown", 330)
        page.locator("body").press("PageDown")
        page.wait_for_selector("body[data-day='300']")
        assert len(seen.requests) == asked
        glabella = [around(page, image, (0.0, 18.0)) for image in (before, smooth, back)]
        chin = [around(page, image, (0.0, -95.0), 20) for image in (before, smooth)]
        changed = np.abs(glabella[0] - glabella[1]).mean()
        assert changed > 4 * max(np.abs(chin[0] - chin[1]).mean(), 0.05)
        assert np.abs(glabella[0] - glabella[2]).mean() < 0.6 * changed


def test_a_click_injects_where_it_meets_the_skin_and_nowhere_else(browser, address):
    with opened(browser, address) as (page, _):
        told(page, inject=True)
        points = len(pins(page))
        to = page.evaluate("at => window.endplate.viewer.place(at)", [20.0, 45.0])
        page.mouse.click(to["x"], to["y"])
        page.wait_for_selector("body[data-course='2']", timeout=240_000)
        assert len(pins(page)) == points + 1
        new = state(page, "case")["plan"]["session"][0]["injection"][-1]
        np.testing.assert_allclose(new["at_mm"][:2], [20.0, 45.0], atol=0.6)
        box = page.locator("#head").bounding_box()
        page.mouse.click(box["x"] + 6, box["y"] + box["height"] - 6)
        assert len(pins(page)) == points + 1


def pins(page: Page) -> list:
    """The points that stand as buttons over the head."""
    return page.locator(".pin").all()


def test_a_plan_is_made_with_the_keyboard_alone(browser, address):
    with opened(browser, address) as (page, _):
        points = len(pins(page))
        body = page.locator("body")
        body.press("a")
        assert len(pins(page)) == points + 1
        start = state(page, "case")["plan"]["session"][0]["injection"][-1]["at_mm"]
        body.press("ArrowUp")
        body.press("Shift+ArrowLeft")
        moved = state(page, "case")["plan"]["session"][0]["injection"][-1]["at_mm"]
        np.testing.assert_allclose(np.subtract(moved[:2], start[:2]), [-5.0, 1.0], atol=1e-6)
        dose = state(page, "case")["plan"]["session"][0]["injection"][-1]["dose"]
        body.press("+")
        assert amount(state(page, "case")["plan"]["session"][0]["injection"][-1]["dose"]) == amount(dose) + 0.5
        body.press("Delete")
        assert len(pins(page)) == points
        body.press("Control+z")
        assert len(pins(page)) == points + 1
        body.press("Control+y")
        assert len(pins(page)) == points
        first = page.locator(".pin").first
        first.focus()
        assert first.get_attribute("aria-label") or first.inner_text()


def amount(dose) -> float:
    return float(re.match(r"[\d.]+", str(dose)).group())


def test_a_fault_is_shown_at_the_point_that_it_concerns(browser, address):
    with opened(browser, address) as (page, _):
        body = page.locator("body")
        body.press("a")
        session = state(page, "case")["plan"]["session"][0]
        last = len(session["injection"]) - 1
        session["injection"][last] |= {"dose": "-3 U"}
        document = state(page, "case")
        document["plan"]["session"][0] = session
        told(page, case=document)
        page.wait_for_selector(".point.faulty", timeout=60_000)
        assert page.locator(".point.faulty").count() == 1
        assert page.locator(".point.faulty .number").inner_text() == str(len(page.locator(".point").all()))
        (fault,) = state(page, "faults")
        assert fault["key"] == f"plan.session[0].injection[{last}].dose"
        assert fault["message"] in page.locator("#inspector").inner_text()


def test_a_saved_case_is_one_that_the_command_line_reads(browser, address, tmp_path):
    with opened(browser, address) as (page, _):
        told(page, tab="keep")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Save file").click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        case = read_case(path)
        assert sum(one.dose for one in case.plan.injections) == 20
        page.get_by_role("button", name="Keep", exact=True).click()
        page.get_by_text("frown_lines_20_u_by_the_label").first.wait_for()
        assert "frown_lines_20_u_by_the_label" in page.request.get(f"{address}/api/library").text()


def test_a_link_carries_the_case(browser, address):
    with opened(browser, address) as (page, _):
        told(page, tab="keep")
        document = state(page, "case")
        document["title"] = "A case in a link"
        told(page, case=document, day=77)
        page.get_by_role("button", name="Make and copy").click()
        page.wait_for_selector("input[value*='#case='], .link input, input[readonly]")
        links = page.eval_on_selector_all("input", "all => all.map(one => one.value)")
        (link,) = [one for one in links if "#case=" in one]
    context = browser.new_context()
    other = context.new_page()
    other.goto(link)
    other.wait_for_selector("body[data-ready]", timeout=120_000)
    assert other.evaluate("window.endplate.store.state.case.title") == "A case in a link"
    assert other.evaluate("window.endplate.store.state.day") == 77
    context.close()


def test_nothing_overflows_on_a_telephone(browser, address):
    with opened(browser, address, width=390, height=844) as (page, _):
        for tab in ("plan", "patient", "course", "keep"):
            told(page, tab=tab)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.locator("#head").bounding_box()["height"] > 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_and_contrast_satisfy_wcag_aa(browser, address, root, scheme):
    script = root / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    _need(script.exists(), "axe-core is not installed; run `make web`")
    with opened(browser, address, bypass_csp=True, color_scheme=scheme) as (page, _):
        page.add_script_tag(path=script)
        for tab in ("plan", "patient", "course", "keep"):
            told(page, tab=tab)
            found = page.evaluate(
                "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
                ".then(done => done.violations.map(one => [one.id, one.nodes.map(node => node.html).slice(0, 3)]))"
            )
            assert found == []


def test_years_show_both_twins_whole_beside_each_other(browser, address):
    with opened(browser, address) as (page, _):
        page.click('[data-value="years"]')
        page.wait_for_selector("body[data-years-ready]", state="attached", timeout=300_000)
        page.locator(".axis input").evaluate("e => { e.value = e.max; e.dispatchEvent(new Event('input')); }")
        told(page, expression="repose")
        found = state(page, "years")["document"]
        rest = {twin: found["depth_rest"][twin][-1][0] for twin in ("untreated", "treated")}
        assert rest["treated"] < 0.5 * rest["untreated"]
        shown = [float(one) for one in re.findall(r"([\d.]+) mm", page.locator(".told").inner_text())]
        assert shown == pytest.approx([rest["untreated"], rest["treated"]], abs=0.02)
        page.wait_for_selector("body[data-settled='repose']")
        image = picture(page)
        middle = image.shape[1] // 2
        left, right = image[:, : middle - 2], image[:, middle + 2 :]
        assert min(left.std(), right.std()) > 20
        assert np.abs(left[:, -right.shape[1] :] - right[:, : left.shape[1]]).mean() > 0.5
