"""Workflow commands, read as the runner of GitHub Actions reads them."""

from __future__ import annotations

import re

import pytest

from inception_profiler.document.annotations import ERROR, WARNING, Annotation, remarks
from inception_profiler.document.blocks import Callout, Document, Heading, Prose
from inception_profiler.render.workflow import commands, resumed, stopped, summary
from tests import fixed_guard
from tests.render.test_formats import HOSTILE

NAMES = (
    *HOSTILE,
    "a,line=9::b",
    "100%",
    "%0A",
    "::error::x",
    "a\r\n::set-output name=x::y",
    "a:b",
    "##[error]x",
)


def obeyed(data: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Read the commands of a log as the runner does: ``ActionCommand.TryParseV2`` of actions/runner."""
    found, token = [], ""
    for line in re.split("\r\n|\r|\n", data.decode()):
        match = re.fullmatch(r"::([^ :]+)(?: (.*?))?::(.*)", line.lstrip())
        if match is None:
            continue
        name, properties, text = match.groups()
        if token:
            token = "" if name == token else token
        elif name == "stop-commands":
            token = text
        else:
            pairs = (pair.split("=", 1) for pair in (properties or "").split(",") if pair)
            found.append((name, {key: plain(value, "%3A:", "%2C,") for key, value in pairs}, plain(text)))
    return found


def plain(text: str, *more: str) -> str:
    for entry in (*more, "%0D\r", "%0A\n", "%25%"):
        text = text.replace(entry[:3], entry[3:])
    return text


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_stays_the_text_of_one_command(name: str) -> None:
    entry = Annotation(ERROR, name, f"{name}\nsecond", f"{name}.py", 7)
    assert (
        obeyed(commands([entry, entry]))
        == [("error", {"file": f"{name}.py", "line": "7", "title": name}, f"{name}\nsecond")] * 2
    )


def test_what_is_not_known_is_left_out() -> None:
    assert commands([Annotation(WARNING, "t", "x")]) == b"::warning title=t::x\n"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_between_is_obeyed(name: str) -> None:
    inner = f" {name}\n{name}\n::error::{name}\n::stop-commands::a\n".encode()
    after = commands([Annotation(ERROR, "t", "after")])
    assert obeyed(stopped("secret") + inner + resumed("secret") + after) == [
        ("error", {"title": "t"}, "after")
    ]


def test_what_fails_is_annotated_where_it_is_defined() -> None:
    found = {
        entry.title: entry for entry in remarks(fixed_guard.check(), "sub/folder") if entry.level == ERROR
    }
    assert set(found) == {"cost of net", "cost of broken", "cost of new", "cost of gone"}
    net = found["cost of net"]
    assert (net.file, net.line) == ("sub/folder/nets.py", 7)
    lines = net.text.splitlines()
    assert lines[0] == "MACs of body.0 is 3,200 and the limit is <= 3k (3,000)."
    assert "params was 1,000,000 and is 1,000,012 (+12, +<0.1%)" in lines
    assert "its input was float32:1x3x4x4 and is float32:1x3x5x5" in lines
    assert "body.0 · conv2d shrank: -10 params, -100 MACs, -200 FLOPs, -64 activation bytes" in lines
    assert "old · conv2d → new · conv2d renamed" in lines
    assert not [line for line in lines if "moved" in line]
    assert found["cost of broken"].text == "it could not be counted: there is no file nets.py"
    assert found["cost of new"].text.splitlines()[0] == "it is not in profile.lock.json"
    assert "aten::topk is unknown" in found["cost of new"].text
    assert found["cost of gone"].text == "it is in profile.lock.json, but nobody asks for it any more"
    (unclear,) = (entry for entry in remarks(fixed_guard.check()) if entry.level == WARNING)
    assert unclear.file == "nets.py"
    assert unclear.text.startswith("latency <= 0.5× big is unclear")


def test_what_passes_is_not_annotated() -> None:
    assert not [entry for entry in remarks(fixed_guard.check(passing=True)) if entry.level == ERROR]


def test_a_summary_keeps_to_its_limit_and_says_so() -> None:
    small = Document("x", (Heading("x", 1), Prose("y")))
    assert summary(small) == b"# x\n\ny\n\n"
    large = Document(
        "x", (Heading("x", 1), Callout("warning", "first"), *(Prose("y" * 999) for _ in range(99)))
    )
    cut = summary(large, limit=20_000)
    assert len(cut) <= 20_000
    assert b"first" in cut
    assert b"does not fit" in cut
    assert len(summary(large)) > 99_000
