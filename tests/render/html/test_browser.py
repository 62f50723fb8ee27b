"""Pages in a real browser, used as a reader uses them, without a network."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from torch import nn

import inception_profiler as ip
from inception_profiler.document.blocks import Document, Fold, Table
from inception_profiler.document.profile import profile_document
from inception_profiler.render.html import render
from inception_profiler.units import Unit, scale_for
from tests.render.html.conftest import PHONE, Opener, drawn
from tests.render.html.documents import (
    charted,
    compared,
    everything,
    everywhere,
    layered,
    ledger,
    plain,
    tabled,
)
from tests.render.html.test_page import HOSTILE


def column(page: Any, title: str, place: int) -> list[str]:
    """Return what is shown in a column of the table of that title."""
    said: list[str] = page.evaluate(
        """([title, place]) => {
          const id = [...document.querySelectorAll("h2")].find(h => h.textContent === title).id;
          const table = document.querySelector(`table[aria-labelledby="${id}"]`);
          const rows = [...table.tBodies[0].rows].filter(r => !r.hidden && r.offsetHeight);
          return rows.map(r => r.cells[place].textContent);
        }""",
        [title, place],
    )
    return said


def button(page: Any, title: str, name: str) -> Any:
    """Return what sorts a table by one of its columns."""
    return (
        page.get_by_role("table", name=title, exact=True)
        .get_by_role("columnheader", name=name)
        .first.get_by_role("button")
    )


def test_every_block_is_drawn_and_fits_a_phone(opened: Opener) -> None:
    page = opened(everything(), width=PHONE)
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    assert page.evaluate(
        "[...document.querySelectorAll('.plot')].every(p => p.getBoundingClientRect().right <= innerWidth)"
    )
    size = page.evaluate(
        "Math.min(...[...document.querySelectorAll('td, th, p, li, label, summary')]"
        ".filter(e => e.offsetHeight).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert size >= 12


def test_a_wide_table_scrolls_in_its_own_box(opened: Opener) -> None:
    page = opened(tabled(compared()), width=PHONE)
    box = page.get_by_role("region", name="small by layer")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth && e.clientWidth < innerWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("e => e.scrollLeft > 0", arg=box.element_handle())


def test_numbers_are_sorted_by_what_they_are_and_what_is_unknown_comes_last(opened: Opener) -> None:
    page = opened(plain())
    header = page.get_by_role("columnheader", name="n", exact=True)
    assert column(page, "Numbers", 0) == ["a10", "a9", "b1", "a1"]
    for order, names in (
        ("descending", ["a1", "a9", "a10", "b1"]),
        ("ascending", ["a10", "a9", "a1", "b1"]),
        ("none", ["a10", "a9", "b1", "a1"]),
    ):
        header.get_by_role("button").click()
        assert header.get_attribute("aria-sort") == order
        assert column(page, "Numbers", 0) == names
    button(page, "Numbers", "x").click()
    assert column(page, "Numbers", 0) == ["a9", "b1", "a1", "a10"]
    assert header.get_attribute("aria-sort") == "none"


def test_names_are_sorted_as_people_count_and_by_keys_alone(opened: Opener) -> None:
    page = opened(plain())
    button(page, "Numbers", "name").focus()
    page.keyboard.press("Enter")
    assert column(page, "Numbers", 0) == ["a1", "a9", "a10", "b1"]
    page.keyboard.press("Space")
    assert column(page, "Numbers", 0) == ["b1", "a10", "a9", "a1"]


def test_a_thousand_layers_are_sorted_filtered_and_drawn(opened: Opener) -> None:
    profile = layered()
    page = opened(profile_document(profile))
    title = f"{profile.model} by layer"
    assert len(column(page, title, 0)) == 1502 - 1  # two layers and a module each, under one stage
    page.get_by_label("lowest rows only").check()
    assert len(column(page, title, 0)) == 1000
    button(page, title, "MACs").click()
    macs = sorted((layer.macs for layer in profile.layers), reverse=True)
    shown = [float(said.replace(",", "")) for said in column(page, title, 4)]
    factor = macs[0] / shown[0]
    assert shown == pytest.approx([count / factor for count in macs], abs=0.006)
    page.get_by_label("Filter").fill("499.")
    assert column(page, title, 0) == ["499.0", "499.1"]
    drawn(page)
    assert page.locator(".anatomy .slice").count() > 100


def test_a_row_that_matches_brings_what_it_is_in_and_what_is_in_it(opened: Opener) -> None:
    page = opened(tabled(profile_document(layered(40))))
    title = "Sequential by layer"
    field, said = page.get_by_label("Filter"), page.locator("output")
    field.fill("13.1")
    assert [name.split()[0] for name in column(page, title, 0)] == ["stage", "13", "13.1"]
    assert said.text_content() == "3 of 61 rows"
    field.fill("13 8×8")
    assert "13.0" in column(page, title, 0)
    field.fill("no such layer")
    assert column(page, title, 0) == []
    field.fill("")
    assert len(column(page, title, 0)) == 61


def test_sorting_keeps_layers_below_their_module(opened: Opener) -> None:
    profile = layered(40)
    page = opened(tabled(profile_document(profile)))
    title = "Sequential by layer"
    button(page, title, "params").click()
    rows = [name for name in column(page, title, 0) if not name.startswith("stage")]
    modules = rows[::3]
    assert all(
        layer.startswith(f"{module}.")
        for n, module in enumerate(modules)
        for layer in rows[3 * n + 1 : 3 * n + 3]
    )
    params = {group.title: group.params for group in profile.by_module(1)}
    assert all(params[one] >= params[other] for one, other in pairwise(modules))


def test_the_map_shows_what_was_chosen_in_proportion(opened: Opener) -> None:
    """The areas of two layers are as their numbers by each measure, and the numbers those of the model."""
    net = nn.Sequential(nn.Conv2d(4, 8, 1, bias=False), nn.MaxPool2d(4), nn.Conv2d(8, 16, 1, bias=False))
    profile = ip.profile(net, (1, 4, 32, 32))
    page = opened(profile_document(profile))
    drawn(page)
    sums = {"MACs": (4 * 8 * 32 * 32, 8 * 16 * 8 * 8), "params": (4 * 8, 8 * 16)}
    for measure in ("MACs", "params", "MACs"):
        page.locator(".choice").get_by_text(measure, exact=True).click()
        first, second = (scale_for((count,), Unit.COUNT).full(count) for count in sums[measure])
        for shape in ("icicle", "treemap"):
            page.locator(".choice").get_by_text(shape, exact=True).click()
            page.wait_for_function(
                "said => [...document.querySelectorAll('.slice')].some(s => s.textContent.includes(said))",
                arg=first,
            )
            page.wait_for_function("() => !document.getAnimations().length")
            areas = page.evaluate(
                """() => Object.fromEntries([...document.querySelectorAll(".slice")].map(slice => {
                  const box = slice.querySelector("path").getBoundingClientRect();
                  return [slice.textContent, box.width * box.height];
                }))"""
            )
            one, other = (
                next(area for said, area in areas.items() if said.startswith(name)) for name in "02"
            )
            assert any(said.endswith(second) for said in areas)
            assert one / other == pytest.approx(sums[measure][0] / sums[measure][1], rel=0.1)
        assert page.locator(".panel-title span:not([hidden])").last.text_content().endswith(measure)


def test_the_measure_is_chosen_with_the_arrow_keys(opened: Opener) -> None:
    page = opened(compared())
    page.get_by_role("radio", name="MACs").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("radio", name="params", exact=True).is_checked()


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(page: Any, selector: str) -> float:
    ink, paper = page.evaluate(
        "s => [getComputedStyle(document.querySelector(s)).color,"
        " getComputedStyle(document.body).backgroundColor]",
        selector,
    )
    low, high = sorted((luminance(ink), luminance(paper)))
    return (high + 0.05) / (low + 0.05)


def test_the_theme_is_the_systems_until_it_is_chosen_and_both_can_be_read(opened: Opener) -> None:
    page = opened(compared(), theme="dark")
    drawn(page)
    paper, bar = (
        "getComputedStyle(document.body).backgroundColor",
        "document.querySelector('.plot .xtick text').style.fill",
    )
    night, lit = page.evaluate(paper), page.evaluate(bar)
    assert luminance(night) < 0.05
    for selector in ("h1", "td", ".caption", "thead th", "a"):
        assert contrast(page, selector) >= 4.5
    page.get_by_label("Theme").select_option("light")
    page.wait_for_function(f"was => {bar} !== was", arg=lit)
    assert luminance(page.evaluate(paper)) > 0.9
    for selector in ("h1", "td", ".caption", "thead th", "a"):
        assert contrast(page, selector) >= 4.5
    page.reload()
    assert page.get_by_label("Theme").input_value() == "light"
    assert luminance(page.evaluate(paper)) > 0.9


def test_a_series_is_switched_off_and_on(opened: Opener) -> None:
    page = opened(charted())
    drawn(page)
    figure = page.locator("figure", has_text="Bars mirrored")
    assert figure.locator(".trace.bars").count() == 2
    switch = figure.get_by_role("button", name="reference")
    switch.click()
    page.wait_for_function("f => f.querySelectorAll('.trace.bars').length === 1", arg=figure.element_handle())
    assert switch.get_attribute("aria-pressed") == "false"
    switch.click()
    page.wait_for_function("f => f.querySelectorAll('.trace.bars').length === 2", arg=figure.element_handle())


def test_the_name_of_a_claim_unfolds_its_derivation(opened: Opener) -> None:
    page = opened(Document("ledger", tuple(b for b in ledger().blocks if isinstance(b, Table | Fold))))
    fold = page.locator("details", has=page.locator("summary", has_text="stem-vgg16")).last
    inside = fold.get_by_role("table").first
    assert not inside.is_visible()
    page.get_by_role("link", name="stem-vgg16", exact=True).click()
    inside.wait_for(state="visible")


def test_hostile_names_do_nothing_and_are_read_as_they_are(opened: Opener) -> None:
    names = [name for name in HOSTILE if name.isprintable()]
    document = Document(names[0], tuple(block for name in names for block in everywhere(name).blocks))
    # Without the policy, which would hide what is not escaped.
    text = re.sub(r"<meta http-equiv[^>]*>", "", render(document).decode())
    page = opened(text.encode(), width=PHONE)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    drawn(page)
    for part in page.locator(".slice").all()[:2]:
        part.hover(force=True)
    assert page.evaluate("window.hit === undefined")
    assert page.evaluate("!document.querySelector('img, main svg a, main script:not([type])')")
    assert page.evaluate("[...document.querySelectorAll('h1')].map(e => e.textContent)") == names
    assert page.evaluate("document.title") == names[0]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE


def test_the_policy_stops_a_script_and_a_request_that_got_into_a_page(browser: Any) -> None:
    text = render(plain()).decode()
    put = '<script>window.hit = 1</script><img src="https://example.org/x.png" onerror="window.hit = 2">'
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.route("**/*", lambda route: asked.append(route.request.url) or route.abort())
    page.set_content(text.replace("<main>", f"<main>{put}"))
    assert page.evaluate("window.hit === undefined")
    assert asked == []
    context.close()
