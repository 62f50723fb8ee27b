from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from inception_profiler.errors import LockError, WriteError
from inception_profiler.guard.lockfile import empty, held, lock_text, parse_lock, read_lock, write_lock
from inception_profiler.records.archive import RULES
from inception_profiler.records.lock import Asked, Lock, LockedModel
from inception_profiler.records.trace import Unpriced
from tests.guard.rows import model, row

LOCK = Lock(
    RULES,
    "0.1",
    "2.0",
    (
        model(row("a"), row("b", op="add"), name="net", unknown=(Unpriced("aten::topk", "a", 2),)),
        LockedModel(
            Asked("z", "nets.py:Z", ("mask=bool:1x4",), 2, True, "float16"), (), "training", (), (), ()
        ),
    ),
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_lock(LOCK, tmp_path / "lock")
    assert read_lock(tmp_path / "lock") == LOCK
    assert parse_lock(lock_text(empty()), "x") == empty()


def test_one_changed_layer_is_one_changed_line() -> None:
    changed = Lock(RULES, "0.1", "2.0", (model(row("a", 9), row("b", op="add")), LOCK.models[1]))
    before = lock_text(Lock(RULES, "0.1", "2.0", (model(row("a"), row("b", op="add")), LOCK.models[1])))
    pairs = zip(before.splitlines(), lock_text(changed).splitlines(), strict=True)
    different = [line for line, other in pairs if line != other]
    assert [line.strip()[:12] for line in different] == [
        '"params": 16',
        '"macs": 1600',
        '"peak_activa',
        '["a", "conv2',
    ]


def test_models_are_sorted_by_name_whatever_their_order() -> None:
    turned = Lock(RULES, "0.1", "2.0", LOCK.models[::-1])
    assert lock_text(turned) == lock_text(LOCK)


def test_a_file_with_its_parts_in_another_order_says_the_same() -> None:
    data = json.loads(lock_text(LOCK))
    data["models"] = dict(reversed(data["models"].items()))
    turned = json.dumps(dict(reversed(data.items())), indent=3)
    assert parse_lock(turned, "x") == LOCK


def edited(**changes: object) -> str:
    return json.dumps(json.loads(lock_text(LOCK)) | changes)


def with_layers(layers: object) -> str:
    data = json.loads(lock_text(LOCK))
    data["models"]["net"]["layers"] = layers
    return json.dumps(data)


BROKEN = {
    "nothing": ("", "cut short"),
    "cut": (lock_text(LOCK)[:400], "cut short.*git checkout L"),
    "merge": ("{\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n}", "conflict markers.*--ours"),
    "merge3": ("{\n||||||| base\n}", "conflict markers"),
    "other": ('{"format": "npm"}', "not a lock file"),
    "list": ("[]", "not a lock file"),
    "schema": (edited(schema=2, version="9.9"), "schema 2.*reads schema 1.*9.9"),
    "no rules": (edited(rules=None), "rules None"),
    "rules": (edited(rules=RULES + 1), f"rules {RULES + 1}.*check --update"),
    "twice": ('{"a": 1, "a": 2}', "'a' stands there twice"),
    "nan": ('{"format": NaN}', "NaN"),
    "deep": ("[" * 100_000, "cut short"),
    "columns": (edited(columns=["path"]), "damaged"),
    "models": (edited(models=[]), "damaged"),
    "short layer": (with_layers([["a", "conv2d", "", 1]]), "damaged"),
    "text for number": (with_layers([["a", "conv2d", "", "1", 1, 1, 1, 1]]), "expected int"),
    "truth for number": (with_layers([["a", "conv2d", "", True, 1, 1, 1, 1]]), "expected int"),
    "two rows": (with_layers([["a", "conv2d", "", 1, 1, 1, 1, 1]] * 2), "two rows of one layer"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_cannot_be_used_is_one_line_that_says_what_to_do(case: str) -> None:
    text, says = BROKEN[case]
    with pytest.raises(LockError, match=says) as caught:
        parse_lock(text, "L")
    assert "\n" not in str(caught.value)


def test_an_update_reads_counts_of_other_rules_but_not_of_another_schema() -> None:
    assert parse_lock(edited(rules=RULES + 1), "L", any_rules=True).rules == RULES + 1
    for case in ("schema", "no rules", "cut", "merge"):
        with pytest.raises(LockError):
            parse_lock(BROKEN[case][0], "L", any_rules=True)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LockError, match="No such file"):
        read_lock(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(LockError, match="not a text file"):
        read_lock(tmp_path / "binary")


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_bytes(b"\xef\xbb\xbf" + lock_text(LOCK).replace("\n", "\r\n").encode())
    assert read_lock(path) == LOCK


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(WriteError, match="No such file or directory; choose another place"),
        held(tmp_path / "none" / "lock"),
    ):
        pass


def test_one_writes_at_a_time_and_nothing_stays_behind(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        with held(tmp_path / "lock"), pytest.raises(BlockingIOError):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(folder)
    assert not list(tmp_path.iterdir())
