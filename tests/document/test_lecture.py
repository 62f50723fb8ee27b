"""The lecture: complete in every language, its numbers those of the networks, its texts without numbers."""

from __future__ import annotations

import ast
import json
import re
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from inception_profiler.claims.evidence import Evidence
from inception_profiler.document.blocks import Callout, Chart, Formula, Prose, Table
from inception_profiler.document.cells import printed
from inception_profiler.document.deck import Deck, Slide
from inception_profiler.document.lecture import topics as registry
from inception_profiler.document.lecture.topics import lecture, topics
from inception_profiler.document.lecture.wording import LANGUAGES, Text
from inception_profiler.errors import UnknownNameError
from inception_profiler.records.archive import save
from inception_profiler.records.latency import Setting
from inception_profiler.render.slides.formats import deck_format
from inception_profiler.render.slides.layout import pages
from tests.fixed_roofline import timed
from tests.fixed_sweep import swept

FOLDER = Path(registry.__file__).parent
MEASURED = Path(__file__).parents[2] / "reports" / "measurements"
NAMES = re.compile(
    r"[Ii]nception(-v\d|-ResNet-v\d|[ _]\d[a-e])?|VGG-16|ResNet-50|top-1|\d×\d|module \d[a-e]|模块 \d[a-e]"
    r"|K²|R²|\bv4\b|1/\{plain\}"
)
"""Names that have digits in them: networks, modules, kernels, powers."""


@pytest.fixture(scope="module")
def nothing_measured(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return Evidence(tmp_path_factory.mktemp("measurements"))


@pytest.fixture(scope="module")
def decks(nothing_measured: Evidence) -> dict[str, Deck]:
    return {language: lecture(nothing_measured, language) for language in LANGUAGES}


def texts() -> list[tuple[str, Text]]:
    """Read every text of the lecture off its source."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                found.append((f"{path.name}:{node.lineno}", Text(*map(ast.literal_eval, node.args))))
    return found


TEXTS = texts()


def words(slide: Slide) -> list[str]:
    """Return all that is written on a slide."""
    found = [slide.title]
    for block in slide.blocks:
        match block:
            case Prose() | Callout() | Formula():
                found.append(block.text)
            case Table():
                text = printed(block)
                found += [block.title, *text.header, *(cell for line in text.lines for cell in line)]
            case Chart():
                found += [block.title, block.x.title, block.y.title, *block.x.categories, *block.y.categories]
                found += [series.title for series in block.series]
    return found


@pytest.mark.parametrize(("where", "text"), TEXTS, ids=[where for where, _ in TEXTS])
def test_a_text_is_there_in_every_language_with_the_same_fields(where: str, text: Text) -> None:
    for language in LANGUAGES:
        assert getattr(text, language).strip(), where
    en, zh = (fields - {"plain", "ratio"} for fields in text.fields)
    assert en == zh, where


@pytest.mark.parametrize(("where", "text"), TEXTS, ids=[where for where, _ in TEXTS])
def test_no_number_is_typed_into_a_text(where: str, text: Text) -> None:
    for language in LANGUAGES:
        assert not re.search(r"\d", NAMES.sub("", getattr(text, language))), where


def test_every_text_is_found() -> None:
    assert len(TEXTS) > 200


def test_both_languages_have_the_same_slides(decks: dict[str, Deck]) -> None:
    keys = [[slide.key for slide in deck.slides] for deck in decks.values()]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == len(keys[0])
    kinds = [
        [tuple(type(block) for block in slide.blocks) for slide in deck.slides] for deck in decks.values()
    ]
    assert kinds[0] == kinds[1]


def test_every_topic_has_slides_in_its_place(decks: dict[str, Deck]) -> None:
    shown = dict.fromkeys(slide.topic for slide in decks["en"].slides)
    assert list(shown) == [topic.name for topic in topics()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_to_be_filled_in(decks: dict[str, Deck], language: str) -> None:
    for slide in decks[language].slides:
        for text in (*words(slide), slide.notes.text):
            assert not re.search(r"\{\w*\}|\bNone\b|\bnan\b", text), (slide.key, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_has_one_title_and_notes_with_a_source(decks: dict[str, Deck], language: str) -> None:
    named = {"en": "Source: ", "zh": "来源："}[language]
    titles = [slide.title for slide in decks[language].slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    for slide in decks[language].slides:
        assert slide.notes.said, slide.key
        assert slide.notes.source.startswith(named), slide.key
        assert len(slide.notes.source) > len(named) + 5, slide.key


def test_chinese_slides_are_chinese(decks: dict[str, Deck]) -> None:
    for slide in decks["zh"].slides:
        assert re.search(r"[\u4e00-\u9fff]", slide.title), slide.key
        for block in slide.blocks:
            if isinstance(block, Prose | Callout) and not block.text.startswith("profile "):
                assert re.search(r"[\u4e00-\u9fff]", block.text), (slide.key, block.text)


def test_topics_are_chosen_and_stay_in_order(nothing_measured: Evidence) -> None:
    deck = lecture(nothing_measured, chosen=("stem", "bottleneck"))
    assert list(dict.fromkeys(slide.topic for slide in deck.slides)) == ["bottleneck", "stem"]


@pytest.mark.parametrize(("language", "chosen"), [("en", ("botleneck",)), ("de", ())])
def test_unknown_names_are_refused(
    nothing_measured: Evidence, language: str, chosen: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownNameError, match=r"botleneck.*bottleneck|'de'"):
        lecture(nothing_measured, language, chosen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_on_its_slides(decks: dict[str, Deck], language: str) -> None:
    assert len(pages(decks[language])) == len(decks[language].slides)


@pytest.fixture(scope="module")
def many_measured(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Four devices that are named as harmfully as they can be, with a model and a layer of such a name."""
    folder = tmp_path_factory.mktemp("many")
    measured, roofline = swept(), timed()
    for number, name in enumerate(("<script>", "nets/" * 40, "卷" * 90, "=cmd()|`x`")):
        first, *others = measured.outcomes
        assert first.benchmark is not None
        subject, reference, *_ = first.benchmark.measurements
        pair = replace(
            first.benchmark,
            measurements=(
                replace(subject, model=f"{name}:Net", batch=1, setting=Setting()),
                replace(reference, model="inception_v1", batch=1, setting=Setting()),
            ),
        )
        result = replace(measured, device=name, outcomes=(replace(first, benchmark=pair), *others))
        save(result, folder / f"{number}.json")
        layers = tuple(replace(layer, name=name) for layer in roofline.layers)
        roofs = replace(roofline, model=name, layers=layers, ceilings=replace(roofline.ceilings, device=name))
        save(roofs, folder / f"{number}-roofs.json")
    return Evidence(folder)


@pytest.mark.parametrize("suffix", [".pptx", ".md"])
def test_names_of_what_was_measured_are_shortened_and_inert(many_measured: Evidence, suffix: str) -> None:
    deck = lecture(many_measured, chosen=("latency",))
    data = deck_format(f"x{suffix}")(deck)
    kinds = [re.match(r"latency-[a-z]+", slide.key) for slide in deck.slides]
    assert [kind and kind[0] for kind in kinds] == [
        "latency-bound", "latency-measured", "latency-measured", "latency-ratios", "latency-roofline",
    ]  # fmt: skip
    long = deck.slides[2].title
    assert "nets/nets/" in long
    assert "…" in long
    if suffix == ".md":
        assert b"<script" not in data.replace(b"\\<script", b"")


def test_the_whole_lecture_lasts_as_long_however_much_was_measured(
    decks: dict[str, Deck], many_measured: Evidence
) -> None:
    for evidence in (Evidence(MEASURED), many_measured):
        rest = len(decks["en"].slides) - len([one for one in decks["en"].slides if one.topic == "latency"])
        assert 24 <= rest + len(lecture(evidence, chosen=("latency",)).slides) <= 28
    assert 24 <= len(decks["en"].slides) <= 28


def test_the_roofline_tells_what_its_file_says() -> None:
    slides = lecture(Evidence(MEASURED), "en", ("latency",)).slides
    slide = next(one for one in slides if one.key.startswith("latency-roofline"))
    file = next((MEASURED / "rooflines").glob("*inception-v1.json"), None)
    assert file is not None
    written = json.loads(file.read_text(encoding="utf-8"))
    spent = next(row["cells"][3] for row in written["tables"][0]["rows"] if row["cells"][0] == "conv2d")
    layers = written["result"]["value"]["layers"]
    flops = sum(layer["flops"] for layer in layers if layer["op"] == "conv2d")
    rest = 1 - spent, 1 - flops / sum(layer["flops"] for layer in layers)
    assert re.findall(r"[\d.]+(?=%)", slide.title) == [f"{100 * share:.1f}" for share in rest]
    chart = next(block for block in slide.blocks if isinstance(block, Chart))
    named = [point.label for series in chart.series for point in series.points if point.label]
    assert 0 < len(named) == len(set(named)) <= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_measured_stands_on_slides_that_hold_it(language: str) -> None:
    deck = lecture(Evidence(MEASURED), language, ("latency",))
    assert len(pages(deck)) == len(deck.slides)
    slides = {slide.key: slide for slide in deck.slides}
    assert "latency-unmeasured" not in slides
    points = json.loads((MEASURED / "amd-epyc.json").read_text(encoding="utf-8"))["value"]["outcomes"]
    seconds = [
        run["seconds"]
        for point in points
        for run in point["benchmark"]["measurements"]
        if (run["model"], run["batch"], run["setting"]["train"]) == ("inception_v1", 1, False)
    ]
    chart = next(block for block in slides["latency-measured-amd-epyc"].blocks if isinstance(block, Chart))
    shown = next(series.points[0].x for series in chart.series if series.of == "inception_v1")
    assert shown in {statistics.median(taken) for taken in seconds}
    assert any(isinstance(block, Table) for block in slides["latency-ratios-amd-epyc"].blocks)


def slide_of(deck: Deck, key: str) -> Slide:
    return next(slide for slide in deck.slides if slide.key == key)


def multiplied(module: nn.Module, *shape: int) -> int:
    """Count the multiply-accumulates of convolutions and linear layers by what they put out."""
    counted = []

    def count(layer: nn.Module, _: object, output: torch.Tensor) -> None:
        counted.append(output.numel() * layer.weight[0].numel())  # type: ignore[union-attr]

    handles = [
        layer.register_forward_hook(count)
        for layer in module.modules()
        if isinstance(layer, nn.Conv2d | nn.Linear)
    ]
    module.to("meta").eval()(torch.empty(shape, device="meta"))
    for handle in handles:
        handle.remove()
    return sum(counted)


def test_the_family_table_has_the_numbers_of_other_libraries(decks: dict[str, Deck]) -> None:
    import timm
    import torchvision

    table = next(block for block in slide_of(decks["en"], "family-table").blocks if isinstance(block, Table))
    rows = {row.cells[0]: row.cells for row in table.rows}
    with torch.device("meta"):
        v3 = torchvision.models.inception_v3(aux_logits=False, init_weights=False)
        v4 = timm.create_model("inception_v4")
        released = timm.create_model("inception_resnet_v2")
    last = "Inception-ResNet-v2, as released"
    for title, network in (("Inception-v3", v3), ("Inception-v4", v4), (last, released)):
        params, macs = rows[title][4], rows[title][5]
        assert params == sum(parameter.numel() for parameter in network.parameters())
        assert macs == multiplied(network, 1, 3, 299, 299)


def test_the_range_is_that_of_torchvision(decks: dict[str, Deck]) -> None:
    import torchvision

    chart = next(block for block in slide_of(decks["en"], "why-range").blocks if isinstance(block, Chart))
    values = {series.title: series.points[0].x for series in chart.series}
    with torch.device("meta"):
        vgg, resnet = torchvision.models.vgg16(), torchvision.models.resnet50()
    assert values["VGG-16"] == multiplied(vgg, 1, 3, 224, 224)
    assert values["ResNet-50"] == multiplied(resnet, 1, 3, 224, 224)


def test_the_head_is_that_of_torchvisions_vgg(decks: dict[str, Deck]) -> None:
    import torchvision

    table = next(block for block in slide_of(decks["en"], "where-head").blocks if isinstance(block, Table))
    with torch.device("meta"):
        vgg = torchvision.models.vgg16()
    classifier = sum(parameter.numel() for parameter in vgg.classifier.parameters())
    assert table.rows[-2].cells[1] == classifier
    whole = sum(parameter.numel() for parameter in vgg.parameters())
    assert f"{100 * classifier / whole:.1f}%" in slide_of(decks["en"], "where-head").title


def test_the_documents_are_held_against_what_was_counted(decks: dict[str, Deck]) -> None:
    table = next(
        block for block in slide_of(decks["en"], "documents-table").blocks if isinstance(block, Table)
    )
    found = {row.cells[0]: (row.cells[2], row.cells[3]) for row in table.rows}
    assert found["weights of twenty 1×1 filters"] == (800_000, 20 * (50 + 1))
    assert found["operations of the stem"] == (418_000_000, 480_836_608)
    assert all(claimed != counted for claimed, counted in found.values())
    stem = next(block for block in slide_of(decks["en"], "stem-number").blocks if isinstance(block, Table))
    assert sum(row.cells[3] for row in stem.rows[:-2]) == stem.rows[-2].cells[3] == 480_836_608


def test_the_bottleneck_is_that_of_a_naive_product(decks: dict[str, Deck]) -> None:
    slide = slide_of(decks["en"], "bottleneck-worked")
    direct, reduced = 256 * 256 * 9, 256 * 64 + 64 * 64 * 9 + 64 * 256
    assert f"{direct / reduced:.2f}×" in slide.title
    assert any(
        f"{direct:,} / {reduced:,}" in block.text for block in slide.blocks if isinstance(block, Formula)
    )
    assert f"{reduced:,}" in slide.notes.text


def test_what_is_not_measured_is_said_to_be_missing(decks: dict[str, Deck]) -> None:
    slide = slide_of(decks["en"], "latency-unmeasured")
    assert any("inception-profiler bench" in block.text for block in slide.blocks if isinstance(block, Prose))
    assert not [slide for slide in decks["en"].slides if slide.key.startswith("latency-measured")]
