"""Reports, read as the tools read them that they are for."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.check import Check, ModelCheck
from inception_profiler.render.report import kinds
from tests import fixed_guard
from tests.render.test_formats import HOSTILE

NAMES = (*HOSTILE, "a\x1bb", "a\0b", "\ud800", "]]>", "\uffff", "a&amp;b", '"x" <y/>')
KINDS = ("junit", "github-action-benchmark", "bencher")

ATTRIBUTES = {
    "testsuites": {"tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors"},
    "testcase": {"classname", "name"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
}
"""What the schemas of Jenkins, of Ant and of Surefire all know; a testcase needs both of its own."""
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "error"},
    "failure": set(),
    "error": set(),
}


def parsed(check: Check) -> ElementTree.Element:
    """Read JUnit XML and hold it to the rules of its schemas."""
    root = ElementTree.fromstring(kinds.load().get("junit")(check))
    assert root.tag == "testsuites"
    for element in root.iter():
        assert set(element.attrib) == ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= CHILDREN[element.tag]
    for element in (root, *root.findall("testsuite")):
        cases = list(element.iter("testcase"))
        assert element.attrib["tests"] == str(len(cases))
        for kind in ("failure", "error"):
            assert element.attrib[f"{kind}s"] == str(sum(case.find(kind) is not None for case in cases))
    assert all(len(case) <= 1 for case in root.iter("testcase"))
    return root


def called(name: str, check: Check | None = None) -> Check:
    """A check whose every model, layer and reason has a hostile name."""
    check = check or fixed_guard.check()
    return replace(
        check,
        models=tuple(
            replace(model, name=f"{name}{n}", failed=model.failed and name, file=model.file and name)
            for n, model in enumerate(check.models)
        ),
    )


def test_every_model_and_every_limit_is_a_test() -> None:
    root = parsed(fixed_guard.check())
    cases = {
        (case.attrib["classname"], case.attrib["name"]): next((child.tag for child in case), "")
        for case in root.iter("testcase")
    }
    locked = "cost as it was agreed to"
    assert cases == {
        ("same", locked): "",
        ("same", "params <= baseline + 1%"): "",
        ("told", locked): "",
        ("told", "params <= baseline + 1%"): "",
        ("net", locked): "failure",
        ("net", "params <= baseline + 1%"): "",
        ("net", "macs of body.0 <= 3k"): "failure",
        ("net", "macs of nowhere <= 3k"): "failure",
        ("net", "saved_bytes <= 1MiB"): "",
        ("net", "latency <= 0.5× big"): "",
        ("broken", "can be counted"): "error",
        ("new", locked): "failure",
        ("gone", locked): "failure",
    }


def test_a_failure_names_the_layers_and_the_place() -> None:
    root = parsed(fixed_guard.check())
    failure = root.find(".//testcase[@classname='net']/failure")
    assert failure is not None
    lines = (failure.text or "").splitlines()
    assert "stem · conv2d grew: +10 params, +100 MACs, +200 FLOPs, +64 activation bytes" in lines
    assert lines[-1] == "nets.py:7"


def test_an_update_fails_nothing_but_what_it_cannot_count() -> None:
    root = parsed(fixed_guard.check(updated=True))
    failing = {
        case.attrib["classname"] for case in root.iter("testcase") if len(case) and case[0].tag == "error"
    }
    assert failing == {"broken"}


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_stays_text_in_xml(name: str) -> None:
    root = parsed(called(name))
    shown = [case.attrib["classname"] for case in root.iter("testcase")]
    legal = name.translate({0x1B: "\\x1b", 0: "\\x00", 0xD800: "\\ud800", 0xFFFF: "\\uffff"})
    assert f"{legal}0" in shown
    error = root.find(".//error")
    assert error is not None
    assert error.attrib["message"] == legal


def totals(model: ModelCheck) -> dict[str, object]:
    return dict(model.counted.totals) if model.counted is not None else {}


@pytest.mark.parametrize("name", ["", *NAMES])
def test_github_action_benchmark_reads_every_number(name: str) -> None:
    check = called(name)
    entries = json.loads(kinds.load().get("github-action-benchmark")(check))
    for entry in entries:
        assert {"name", "unit", "value"} <= set(entry) <= {"name", "unit", "value", "range", "extra"}
        assert isinstance(entry["name"], str) and isinstance(entry["unit"], str)
        assert type(entry["value"]) in {int, float}
    assert len({entry["name"] for entry in entries}) == len(entries)
    values = {entry["name"]: entry for entry in entries}
    for model in check.models:
        for key, title in (
            ("params", "params"),
            ("macs", "MACs"),
            ("peak_activation_bytes", "live peak (bytes)"),
        ):
            found = values.get(f"{model.name}: {title}")
            assert (found and found["value"]) == totals(model).get(key)
    measured = values[f"{name}2: latency"]
    assert (measured["value"], measured["range"], measured["extra"]) == (
        0.4812,
        "0.4701 … 0.5103",
        "<= 0.5× big",
    )


@pytest.mark.parametrize("name", ["", *NAMES])
def test_bencher_reads_every_number(name: str) -> None:
    check = called(name)
    found = json.loads(kinds.load().get("bencher")(check))
    for measures in found.values():
        for measure, metric in measures.items():
            assert measure == measure.lower().replace("_", "-").replace(" ", "-")
            assert len(measure) <= 64
            assert {"value"} <= set(metric) <= {"value", "lower_value", "upper_value"}
            assert all(type(value) in {int, float} for value in metric.values())
    for model in check.models:
        if model.counted is not None:
            numbers = {key: metric["value"] for key, metric in found[model.name].items() if key != "latency"}
            assert numbers == {key.replace("_", "-"): value for key, value in totals(model).items()}
    assert found[f"{name}2"]["latency"] == {"value": 0.4812, "lower_value": 0.4701, "upper_value": 0.5103}


def test_a_report_is_asked_for_by_its_name() -> None:
    assert tuple(sorted(kinds.load())) == tuple(sorted(KINDS))
    write, path = kinds.asked("junit=a=b.xml")
    assert write is kinds.load().get("junit")
    assert path == "a=b.xml"
    with pytest.raises(UnknownNameError, match="did you mean 'junit'"):
        kinds.asked("junits=x")
    for text in ("junit", "junit=", "x.xml"):
        with pytest.raises(InputError, match="write NAME=FILE, with bencher, github-action-benchmark, junit"):
            kinds.asked(text)
