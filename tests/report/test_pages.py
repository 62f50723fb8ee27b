"""What stands on the pages, held against the modules themselves and what the files say."""

from __future__ import annotations

import re
from pathlib import Path

import inception_profiler as ip
from inception_profiler.document.charts.family import totals
from inception_profiler.document.charts.measurements import like
from inception_profiler.document.family import family_table
from inception_profiler.document.measurements import joined
from inception_profiler.records.sweep import Measurements
from inception_profiler.zoo.card import load

REPORTS = Path(__file__).parents[2] / "reports"


def test_every_network_of_the_family_departs_from_a_registered_one_and_none_from_itself() -> None:
    cards = {name: card for name, (card, _) in load().items()}
    for card in cards.values():
        assert bool(card.predecessor) == (card.family == "inception"), card.name
        seen = [card.name]
        while cards[seen[-1]].predecessor:
            before = cards[seen[-1]].predecessor
            assert cards[before].year <= cards[seen[-1]].year, seen
            assert before not in seen
            seen.append(before)


def test_the_table_says_what_the_modules_have() -> None:
    import torch

    names = ("lenet5", "nin")
    cards = [load().get(name).card for name in names]
    table = family_table("T", [(card, ip.profile(card.name)) for card in cards], {"nin": "nin.md"})
    keys = [column.key for column in table.columns]
    for name, card, row in zip(names, cards, table.rows, strict=True):
        with torch.device("meta"):
            params = sum(p.numel() for p in ip.build(name).parameters())
        assert row.cells[keys.index("params")] == params
        assert row.cells[keys.index("input")] == "×".join(map(str, card.input))
        assert row.link == ("nin.md" if name == "nin" else "")
    assert cards[1].accuracy is not None
    assert table.rows[1].cells[keys.index("top1")] == cards[1].accuracy.top1
    assert table.rows[0].cells[keys.index("top1")] is None


def test_a_bar_for_each_model_in_its_own_place() -> None:
    profiles = [ip.profile("lenet5"), ip.profile("nin")]
    chart = totals(profiles, "macs")
    assert [series.points[0].x for series in chart.series] == [profile.macs for profile in profiles]
    assert chart.y.categories == ("lenet5", "nin")


def test_measurements_of_one_setting_share_a_picture_with_their_ratios() -> None:
    for path in sorted((REPORTS / "measurements").glob("*.json")):
        found = ip.load(path)
        assert isinstance(found, Measurements)
        taken = [row for one in found.outcomes if one.benchmark for row in one.benchmark.measurements]
        ratios = [ratio for one in found.outcomes if one.benchmark for ratio in one.benchmark.ratios]
        groups = list(like(joined(found.outcomes)))
        assert sum(len(group.measurements) for _, group in groups) == sum(r.median is not None for r in taken)
        assert sorted(r.median for _, g in groups for r in g.ratios) == sorted(r.median for r in ratios)
        assert len({words for words, _ in groups}) == len(groups)
        for _, group in groups:
            assert len({(row.batch, row.setting) for row in group.measurements}) == 1


def test_every_roofline_has_its_page_with_all_of_its_layers() -> None:
    from inception_profiler.records.roofline import Roofline
    from inception_profiler.report.parts.rooflines import pages

    kept = sorted((REPORTS / "measurements/rooflines").glob("*.json"))
    assert kept
    assert [page.title for page in pages()] == [path.stem for path in kept]
    for path in kept:
        found = ip.load(path)
        assert isinstance(found, Roofline)
        text = path.with_suffix(".md").read_text(encoding="utf-8")
        assert text.split("## By layer")[1].count("\n| ") - 2 == len(found.layers)


def test_links_within_the_folder_lead_somewhere() -> None:
    headings: dict[Path, set[str]] = {}
    for page in sorted(REPORTS.rglob("*.md")):
        for target in re.findall(r"\]\(([^):]+)\)", page.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            there = page.parent / path
            assert there.is_file(), f"{page}: {target}"
            if anchor:
                if there not in headings:
                    lines = there.read_text(encoding="utf-8").splitlines()
                    headings[there] = {line.lstrip("# ") for line in lines if line.startswith("#")}
                assert anchor in headings[there], f"{page}: {target}"
