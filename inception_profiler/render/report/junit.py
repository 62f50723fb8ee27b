"""Checks as JUnit XML, which most services of continuous integration show as tests.

One test for each model against its lock, and one for each of its limits. Only elements and attributes that
all known schemas of the format have are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from inception_profiler.document.check import broken
from inception_profiler.document.told import reasons
from inception_profiler.records.check import Check, ModelCheck
from inception_profiler.records.frozen import record
from inception_profiler.render.report.kinds import report

LOCKED = "cost as it was agreed to"
COUNTED = "can be counted"

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@record
class _Case:
    """A test: ``kind`` is empty where it passed, else ``failure`` or ``error``."""

    name: str
    kind: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


@report("junit")
def render(check: Check) -> bytes:
    """Write a check as JUnit XML; what XML cannot hold is written as an escape."""
    every = [(model, case) for model in check.models for case in _cases(check, model)]
    counts = {
        "tests": str(len(every)),
        "failures": str(sum(case.kind == "failure" for _, case in every)),
        "errors": str(sum(case.kind == "error" for _, case in every)),
    }
    suites = Element("testsuites", counts)
    suite = SubElement(suites, "testsuite", {"name": "inception-profiler check", **counts})
    for model, case in every:
        entry = SubElement(suite, "testcase", {"classname": _legal(model.name), "name": _legal(case.name)})
        if case.kind:
            told = SubElement(entry, case.kind, {"message": _legal(case.message), "type": case.kind})
            told.text = _legal("\n".join(case.lines))
    indent(suites)
    return bytes(tostring(suites, encoding="utf-8", xml_declaration=True)) + b"\n"


def _cases(check: Check, model: ModelCheck) -> Iterator[_Case]:
    place = (f"{model.file}:{model.line}",) if model.file else ()
    if model.failed:
        yield _Case(COUNTED, "error", model.failed, (model.failed, *place))
        return
    own = {broken(entry) for entry in model.over}
    lines = tuple(line for line in reasons(check, model) if line not in own)
    if lines:
        yield _Case(LOCKED, "failure", lines[0], (*lines, *place))
    else:
        yield _Case(LOCKED)
    for entry in model.judgements:
        name = f"{entry.title} {entry.limit}"
        if entry.fails:
            yield _Case(name, "failure", broken(entry), (broken(entry), *place))
        else:
            yield _Case(name)


def _legal(text: str) -> str:
    r"""Write the characters that XML 1.0 cannot hold as escapes: ``\x1b``."""
    return _NO_XML.sub(lambda found: repr(found[0])[1:-1], text)
