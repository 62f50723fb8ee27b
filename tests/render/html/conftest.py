"""A real browser, one for the session, and pages in it that are opened as a reader opens a file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from inception_profiler.document.blocks import Document
from inception_profiler.render.html import render

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, PHONE = 1280, 375


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with driver.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=_SWITCHES)  # its own empty profile
        yield started
        started.close()


Opener = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    """Open documents; at the end nothing may have gone wrong in any page, and nothing been asked for."""
    wrong: list[str] = []
    contexts = []

    def opens(document: Document | bytes, *, width: int = WIDE, theme: str = "light") -> Any:
        path = tmp_path / "page.html"
        path.write_bytes(document if isinstance(document, bytes) else render(document))
        address = path.as_uri()
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        contexts.append(context)
        context.route(
            "**/*", lambda route: route.continue_() if route.request.url == address else route.abort()
        )
        page = context.new_page()
        page.set_default_timeout(20_000 if "CI" not in os.environ else 60_000)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda said: wrong.append(f"console: {said.text}"))
        page.on(
            "request",
            lambda asked: (
                wrong.append(f"request: {asked.url[:200]}")
                if asked.url.split("#")[0] != address and not asked.url.startswith("data:")
                else None
            ),
        )
        page.goto(address)
        return page

    yield opens
    for context in contexts:
        context.close()
    assert wrong == []


def drawn(page: Any) -> None:
    """Draw everything, also what is far from the window, and wait until it is there."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function("[...document.querySelectorAll('.plot')].every(p => 'drawn' in p.dataset)")
