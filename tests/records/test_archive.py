from __future__ import annotations

import json
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.errors import ArchiveError
from inception_profiler.records.archive import SCHEMA, dumps, loads, to_data
from inception_profiler.records.comparison import Comparison, align
from tests.fixed import small, weighed


def compared() -> Comparison:
    subject, reference = small(), small("large", scale=2)
    return Comparison(subject, (reference,), align((subject, reference)))


@pytest.mark.parametrize(
    "result", [small(), compared(), weighed(parts=True)], ids=["profile", "comparison", "argument"]
)
def test_a_result_is_the_same_after_it_was_written_and_read(result: object, tmp_path: Path) -> None:
    assert loads(dumps(result)) == result
    path = tmp_path / "result.json"
    path.write_text(dumps(result))
    assert ip.load(path) == result


def test_a_real_profile_is_the_same_after_it_was_saved_and_loaded(tmp_path: Path) -> None:
    profile = ip.profile("inception_v1")
    profile.save(tmp_path / "p.json")
    assert ip.load(tmp_path / "p.json") == profile


def test_equal_results_are_equal_bytes() -> None:
    assert dumps(small()) == dumps(small())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "not a result"),
        ("{}", "not a result"),
        ('{"format": "other"}', "not a result"),
    ],
)
def test_what_is_not_ours_is_refused(text: str, says: str) -> None:
    with pytest.raises(ArchiveError, match=says):
        loads(text)


def test_another_schema_says_what_to_do() -> None:
    data = to_data(small()) | {"schema": SCHEMA + 1, "version": "9.9"}
    with pytest.raises(ArchiveError, match=r"profile the model again.*9\.9"):
        loads(json.dumps(data))


def damaged(change: str) -> str:
    data = to_data(small())
    value = data["value"]
    if change == "missing":
        del value["layers"]
    elif change == "unknown":
        value["extra"] = 1
    elif change == "type":
        value["layers"][0]["params"] = "many"
    elif change == "record":
        data["record"] = "Mystery"
    elif change == "truth":
        value["layers"][0]["params"] = True
    return json.dumps(data)


@pytest.mark.parametrize("change", ["missing", "unknown", "type", "record", "truth"])
def test_a_damaged_result_is_one_clear_line(change: str, tmp_path: Path) -> None:
    path = tmp_path / "damaged.json"
    path.write_text(damaged(change))
    with pytest.raises(ArchiveError, match=r"damaged\.json") as caught:
        ip.load(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="No such file"):
        ip.load(tmp_path / "none.json")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArchiveError, match="not a text file"):
        ip.load(tmp_path / "binary")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"format": NaN}', '{"format": Infinity}'])
def test_what_python_reads_as_json_and_is_none_is_refused(text: str) -> None:
    with pytest.raises(ArchiveError, match="not JSON"):
        loads(text)
