"""Which layer of one count is which layer of another: names first, unless a shift of names explains more."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from inception_profiler.records.lock import LockedLayer

Pairs = list[tuple[int, int]]
Rows = Sequence[LockedLayer]
_NUMBER = re.compile(r"\d+")


def paired(old: Rows, new: Rows) -> Pairs:
    """Pair the layers of two counts, as positions; a layer without a partner appeared or went.

    Layers of equal name are one layer, and what is left and costs the same was renamed. Where a layer was put
    into a sequence, every name behind it shifts by a number: layers of equal cost are then paired in their
    order, if that leaves less to tell: a layer that differs weighs twice as much as one that was renamed. It
    must not leave more layers without a partner, or a network of twice the width, whose layers each cost what
    the next one did, would be one that lost its first layer and got another last one.
    """
    by_name = _completed(old, new, _by_name(old, new))
    plain = _told(old, new, by_name)
    if plain <= 1:
        return by_name
    by_order = _completed(old, new, _by_order(old, new))
    shorter = len(by_order) >= len(by_name) and _told(old, new, by_order) < plain
    return by_order if shorter else by_name


def out_of_order(pairs: Pairs) -> frozenset[tuple[int, int]]:
    """Return the fewest pairs without which all others stand in the same order on both sides.

    They are what the longest increasing subsequence leaves out.
    """
    ordered = sorted(pairs)
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, position) in enumerate(ordered):
        length = bisect_left(tails, position)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [position]
        ends[length : length + 1] = [at]
    kept = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(ordered[at])
        at = before[at]
    return frozenset(ordered) - kept


def _by_name(old: Rows, new: Rows) -> Pairs:
    places = {row.key: position for position, row in enumerate(new)}
    return [(at, places[row.key]) for at, row in enumerate(old) if row.key in places]


def _by_order(old: Rows, new: Rows) -> Pairs:
    """Pair layers of equal cost whose names differ in numbers only, in the order of execution."""
    left, right = ([(_NUMBER.sub("#", row.path), row.costs) for row in rows] for rows in (old, new))
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]


def _completed(old: Rows, new: Rows, pairs: Pairs) -> Pairs:
    """Pair what is left: by name, then as modules that were renamed show it, last by cost alone."""
    pairs = list(pairs)
    for find in (_same_name, _only_cost, _same_module, _same_tail, _same_module, _same_cost, _same_module):
        lone_old = _lone(old, {at for at, _ in pairs})
        lone_new = _lone(new, {at for _, at in pairs})
        if lone_old and lone_new:
            pairs += find(old, new, lone_old, lone_new, pairs)
    return pairs


def _lone(rows: Rows, taken: Collection[int]) -> list[int]:
    return _without(range(len(rows)), taken)


def _same_name(old: Rows, new: Rows, left: list[int], right: list[int], _: Pairs) -> Pairs:
    places = {new[at].key: at for at in right}
    return [(at, places[old[at].key]) for at in left if old[at].key in places]


def _only_cost(old: Rows, new: Rows, left: list[int], right: list[int], _: Pairs) -> Pairs:
    """Pair a layer with the only one that costs the same, where it is the only one itself."""
    before, after = (Counter(rows[at].costs for at in some) for rows, some in ((old, left), (new, right)))
    places = {new[at].costs: at for at in right}
    return [(at, places[old[at].costs]) for at in left if before[old[at].costs] == after[old[at].costs] == 1]


def _same_tail(old: Rows, new: Rows, left: list[int], right: list[int], _: Pairs) -> Pairs:
    """Pair layers of equal cost by what their names have in common from the end, the most first.

    A layer keeps its own name inside of a module that was renamed, and so do the modules in between.
    """
    found: Pairs = []
    for length in range(max(old[at].path.count(".") for at in left) + 1, 0, -1):
        places: dict[tuple[object, ...], list[int]] = {}
        for at, key in reversed(list(_tails(new, right, length))):
            places.setdefault(key, []).append(at)
        found += [(at, places[key].pop()) for at, key in _tails(old, left, length) if places.get(key)]
        left = _without(left, {at for at, _ in found})
        right = _without(right, {at for _, at in found})
    return found


def _tails(rows: Rows, places: Iterable[int], length: int) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Yield the cost and the last parts of the path of those layers whose path has so many."""
    for at in places:
        parts = rows[at].path.split(".")
        if len(parts) >= length:
            yield at, (*parts[-length:], rows[at].costs)


def _without(places: Iterable[int], taken: Collection[int]) -> list[int]:
    return [at for at in places if at not in taken]


def _same_cost(old: Rows, new: Rows, left: list[int], right: list[int], _: Pairs) -> Pairs:
    places: dict[tuple[str | int, ...], list[int]] = {}
    for at in reversed(right):
        places.setdefault(new[at].costs, []).append(at)
    return [(at, places[old[at].costs].pop()) for at in left if places.get(old[at].costs)]


def _same_module(old: Rows, new: Rows, left: list[int], right: list[int], pairs: Pairs) -> Pairs:
    """Follow modules that were renamed: what their renamed layers show is tried on those that changed too."""
    shown = {renaming(old[a].path, new[b].path) for a, b in pairs if old[a].path != new[b].path}
    names = sorted(shown, key=lambda name: (-len(name[0]), name))  # the innermost module first
    places = {new[at].key: at for at in right}
    found: Pairs = []
    for at in left:
        path, op = old[at].key
        for before, after in names:
            if path == before or path.startswith(f"{before}."):
                place = places.pop((f"{after}{path[len(before) :]}", op), None)
                if place is not None:
                    found.append((at, place))
                    break
    return found


def renaming(old: str, new: str) -> tuple[str, str]:
    """Return the part of two paths that differs: the outermost module that was renamed.

    >>> renaming("layer1.0.conv1", "stage1.0.conv1")
    ('layer1', 'stage1')
    """
    before, after = old.split("."), new.split(".")
    while len(before) > 1 and len(after) > 1 and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return ".".join(before), ".".join(after)


def _told(old: Rows, new: Rows, pairs: Pairs) -> int:
    """Weigh what would have to be told of these pairs: 1 for a renamed layer, 2 for any other difference."""
    lone = len(old) + len(new) - 2 * len(pairs)
    changed = sum(old[a].costs != new[b].costs for a, b in pairs)
    renamed = sum(old[a].path != new[b].path for a, b in pairs)
    return 2 * (lone + changed) + renamed
