"""Every model against its card, two other counts and the reference table; and that a wrong card is found."""

from __future__ import annotations

import ast
import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

import inception_profiler as ip
from inception_profiler.errors import DuplicateNameError, UnknownNameError
from inception_profiler.registry import Registry
from inception_profiler.zoo import card as cards
from inception_profiler.zoo.card import Entry, ModelCard, build, canonical, load, model, models, spellings
from tests.analysis.oracle import elements, flop_counter_macs, operator_macs

ZOO = Path(cards.__file__).parent
NO_MODELS = {
    "__init__", "card", "auxiliary_loss", "weightless", "sketch",
    "inception_resnet_normed", "alexnet_one_tower",
}  # fmt: skip
"""Files of the zoo that are about models and hold none of their own."""

# Rows of the reference table that were measured on another library's network: ours that is the same network.
SAME = {
    ("torchvision", "alexnet"): "alexnet_torchvision",
    **{("torchvision", name): name for name in ("vgg11", "vgg13", "vgg16", "vgg19", "vgg16_bn")},
    **{
        ("torchvision", name): name for name in ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")
    },
    **{("torchvision", name): name for name in ("wide_resnet50_2", "densenet121", "inception_v3")},
    ("torchvision", "googlenet"): "googlenet_torchvision",
    **{("timm", name): name for name in ("inception_v3", "inception_v4", "inception_resnet_v2")},
    **{("timm", name): name for name in ("densenet121", "resnet50", "wide_resnet50_2", "vgg16")},
    ("timm", "legacy_xception"): "xception",
    ("timm", "seresnet50"): "se_resnet50",
    ("timm", "resnetv2_50"): "resnet50_v2",
    ("pretrainedmodels", "bninception"): "bn_inception_128",
    ("pretrainedmodels", "inceptionv4"): "inception_v4",
    ("pretrainedmodels", "inceptionresnetv2"): "inception_resnet_v2",
    ("pretrainedmodels", "xception"): "xception",
    ("facenet-pytorch", "facenet InceptionResnetV1 cls1000"): "inception_resnet_v1_facenet",
}
NOT_OURS = {
    ("timm", "legacy_seresnet50"),
    ("timm", "resnetv2_101"),
    ("timm", "resnetv2_152"),
    ("timm", "resnetv2_50x1_bit"),
    ("timm", "resnetv2_50d"),
    ("timm", "resnetv2_18"),
    ("timm", "resnetv2_34"),
    ("timm", "xception41"),
    ("pretrainedmodels", "se_resnet50"),
}


def faults(name: str) -> list[str]:
    """Say in what a registered model is not what its card says; each line names the model."""
    card = load().get(name).card
    network, shape = build(name, device="meta").eval(), (1, *card.input)
    found = []

    def hold(what: str, stated: object, counted: object) -> None:
        if stated != counted:
            found.append(f"{name}: the card states {what} {stated}, counted are {counted}")

    profile = ip.profile(name)
    hold("name", card.name, profile.model)
    hold("params", card.params, elements(network))
    hold("params", card.params, profile.params)
    hold("macs", card.macs, profile.macs)
    hold("macs", card.macs, flop_counter_macs(network, shape))
    hold("macs", card.macs, operator_macs(network, shape))
    for what in ("unpriced", "fallback", "not_executed"):
        if getattr(profile, what):
            found.append(f"{name}: {what} is {getattr(profile, what)!r}")
    found += [f"{name}: {key} is made with data" for key, t in network.state_dict().items() if not t.is_meta]
    if (card.params_with_auxiliary is None) != (not card.auxiliary):
        found.append(f"{name}: auxiliary heads {card.auxiliary} with {card.params_with_auxiliary} params")
    if card.params_with_auxiliary is not None:
        whole = build(name, aux=True, device="meta")
        hold("params with auxiliary", card.params_with_auxiliary, elements(whole))
        hold(
            "params with auxiliary", card.params_with_auxiliary, ip.profile(name, train=True, batch=2).params
        )
        found += [
            f"{name}: there is no auxiliary head {head}" for head in card.auxiliary if not _has(whole, head)
        ]
    found += [
        f"{name}: the card has no {field}"
        for field in ("title", "paper", "family")
        if not getattr(card, field).strip()
    ]
    if not 1989 <= card.year <= 2030:
        found.append(f"{name}: the year {card.year} is no year of a convolutional network")
    found += [
        f"{name}: a deviation is no sentence: {line!r}" for line in card.deviations if not line.endswith(".")
    ]
    if card.accuracy is not None and not (card.accuracy.setting and card.accuracy.source):
        found.append(f"{name}: the accuracy has no setting or no source")
    return found


def _has(network: nn.Module, path: str) -> bool:
    try:
        return network.get_submodule(path) is not None
    except AttributeError:
        return False


def without_card(sources: Mapping[str, str]) -> list[str]:
    """Name the files of the zoo whose networks no card can belong to.

    A file either registers models (it applies ``model`` of card.py), or holds blocks: then a file that
    registers imports it, in one step or several, and nothing public in it takes ``num_classes`` with a
    default, which is the mark of a network.
    """
    trees = {name: ast.parse(source) for name, source in sources.items() if name not in NO_MODELS}
    sound = {name for name, tree in trees.items() if _registers(tree)}
    reached = set(sound)
    waiting = list(sound)
    while waiting:
        for name in _imported(trees[waiting.pop()]) & trees.keys() - reached:
            reached.add(name)
            waiting.append(name)
    return sorted(
        name
        for name, tree in trees.items()
        if name not in sound and (name not in reached or _has_network(tree))
    )


def _registers(tree: ast.Module) -> bool:
    """Whether a file calls what it imported as ``model`` from card.py."""
    names = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "inception_profiler.zoo.card"
        for alias in node.names
        if alias.name == "model"
    }
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        for node in ast.walk(tree)
    )


def _imported(tree: ast.Module) -> set[str]:
    """Name the files of the zoo that a file imports from."""
    modules = (node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {module.rpartition(".")[2] for module in modules if module.startswith("inception_profiler.zoo.")}


def _has_network(tree: ast.Module) -> bool:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            makers = (
                [node]
                if isinstance(node, ast.FunctionDef)
                else [m for m in node.body if isinstance(m, ast.FunctionDef)]
            )
            for maker in makers:
                plain = maker.args.posonlyargs + maker.args.args
                given = plain[len(plain) - len(maker.args.defaults) :]
                given += [
                    a
                    for a, d in zip(maker.args.kwonlyargs, maker.args.kw_defaults, strict=True)
                    if d is not None
                ]
                if any(argument.arg == "num_classes" for argument in given):
                    return True
    return False


@pytest.mark.parametrize("name", models())
def test_a_model_is_what_its_card_says(name: str) -> None:
    assert faults(name) == []


def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "reference_counts.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def key(row: dict[str, str]) -> tuple[str, str]:
    return row["source"].split()[0], row["model"]


@pytest.mark.parametrize("measured", SAME, ids=lambda pair: f"{pair[0]}-{pair[1]}".replace(" ", "-"))
def test_counts_are_those_measured_on_the_original(shared: Path, measured: tuple[str, str]) -> None:
    name = SAME[measured]
    card = load().get(name).card
    (row,) = [row for row in rows(shared) if "measured" in row["source"] and key(row) == measured]
    profile = ip.profile(name, tuple(map(int, row["input"].split("x"))))
    assert (name, profile.params) == (name, int(row["params"]))
    assert (name, profile.macs) == (name, int(row["macs"]))
    assert (name, profile.contraction_activations) == (name, int(row["activations"]))
    if row["params_with_aux"]:
        assert (name, card.params_with_auxiliary) == (name, int(row["params_with_aux"]))


def test_every_measured_row_of_the_reference_table_has_its_place(shared: Path) -> None:
    measured = {key(row) for row in rows(shared) if "measured" in row["source"]}
    assert measured == SAME.keys() | NOT_OURS


def test_counts_round_to_those_that_libraries_publish(shared: Path) -> None:
    published = [row for row in rows(shared) if "measured" not in row["source"] and key(row) in SAME]
    assert len(published) > 20
    for row in published:
        card = load().get(SAME[key(row)]).card
        params, macs = float(row["params"]), float(row["macs"])
        if row["source"].startswith("torchvision"):
            stated = (
                card.params_with_auxiliary if card.name == "inception_v3" else card.params
            )  # the table's own note
            assert (card.name, stated) == (card.name, params)
            assert abs(card.macs - macs) <= 0.5e6, card.name
        else:  # timm publishes fvcore's count, which has normalization in it
            assert abs(card.params - params) <= 0.005e6, card.name
            assert card.macs <= macs + 0.005e9, card.name


def test_every_file_of_models_has_cards() -> None:
    assert without_card({path.stem: path.read_text() for path in ZOO.glob("*.py")}) == []


REGISTERS = """
from inception_profiler.zoo.card import ModelCard, model
from inception_profiler.zoo.shared import Block
@model(ModelCard())
class Net: ...
"""
BLOCKS = """
from torch import nn
from inception_profiler.zoo.deeper import Deeper
class Block(nn.Module):
    def __init__(self, width): ...
class Auxiliary(nn.Module):
    def __init__(self, width, num_classes): ...
"""


@pytest.mark.parametrize(
    ("source", "accused"),
    [
        ("class Net:\n    def __init__(self, num_classes=1000, in_channels=3): ...", ["fresh"]),
        ("def net(*, num_classes: int = 1000): ...", ["fresh"]),
        ("class Block:\n    def __init__(self, width): ...", ["fresh"]),
        ("from inception_profiler.zoo.card import ModelCard\nCARD = ModelCard()", ["fresh"]),
        ("from inception_profiler.zoo.card import model\n# model(card) is missing", ["fresh"]),
        (REGISTERS, []),
    ],
)
def test_a_file_that_is_missing_its_card_is_named(source: str, accused: list[str]) -> None:
    others = {"net": REGISTERS, "shared": BLOCKS, "deeper": "class Deeper: ...", "card": "", "__init__": ""}
    assert without_card(others) == []
    assert without_card(others | {"fresh": source}) == accused


def test_a_network_hidden_among_blocks_is_named() -> None:
    hidden = BLOCKS + "class Net(nn.Module):\n    def __init__(self, num_classes=1000): ...\n"
    assert without_card({"net": REGISTERS, "shared": hidden, "deeper": ""}) == ["shared"]


class Tiny(nn.Module):
    def __init__(self, num_classes: int = 1000, in_channels: int = 3, aux: bool = False) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, 2, 1)
        self.fc = nn.Linear(2, 5)
        self.head = nn.Linear(2, 5) if aux else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv(x).mean((2, 3))
        return self.fc(x) + self.head(x) if self.head is not None and self.training else self.fc(x)


TINY = ModelCard(
    name="tiny", title="Tiny", paper="Nobody, 2015", year=2015, family="tiny", input=(3, 4, 4),
    params=(3 + 1) * 2 + (2 + 1) * 5, macs=4 * 4 * 3 * 2 + 2 * 5,
    params_with_auxiliary=(3 + 1) * 2 + 2 * (2 + 1) * 5, auxiliary=("head",),
)  # fmt: skip


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put made-up cards in the place of all registered models."""

    def register(*made_up: ModelCard) -> None:
        load()
        monkeypatch.setattr(cards, "MODELS", Registry[str, Entry]("model"))
        for card in made_up:
            model(card)(Tiny)

    return register


def test_a_right_card_has_no_faults(registered: Callable[..., None]) -> None:
    registered(TINY)
    assert faults("tiny") == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"params": TINY.params + 1}, f"states params {TINY.params + 1}, counted are {TINY.params}"),
        ({"macs": TINY.macs - 1}, f"states macs {TINY.macs - 1}, counted are {TINY.macs}"),
        ({"input": (3, 5, 4)}, "states macs"),
        ({"params_with_auxiliary": 7}, "states params with auxiliary 7"),
        ({"params_with_auxiliary": None}, "auxiliary heads"),
        ({"auxiliary": ()}, "auxiliary heads"),
        ({"auxiliary": ("tail",)}, "no auxiliary head tail"),
        ({"title": ""}, "no title"),
        ({"paper": " "}, "no paper"),
        ({"family": ""}, "no family"),
        ({"year": 215}, "the year 215"),
        ({"deviations": ("pads",)}, "no sentence"),
        ({"accuracy": cards.Accuracy(70.0, 90.0, "", "")}, "no setting"),
    ],
)
def test_a_wrong_card_is_named_with_what_is_wrong(
    registered: Callable[..., None], change: dict[str, object], says: str
) -> None:
    registered(replace(TINY, **change))
    found = faults("tiny")
    assert found
    assert all(line.startswith("tiny: ") for line in found)
    assert any(says in line for line in found)


def test_a_name_can_be_registered_once(registered: Callable[..., None]) -> None:
    with pytest.raises(DuplicateNameError, match="'tiny'"):
        registered(TINY, replace(TINY, title="Another"))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("googlenet", "inception_v1"),
        ("GoogLeNet", "inception_v1"),
        ("inception-v1", "inception_v1"),
        ("Inception V1", "inception_v1"),
        ("inceptionv3", "inception_v3"),
        ("inception-v3", "inception_v3"),
        ("inceptionresnetv2", "inception_resnet_v2"),
        ("Inception-ResNet-v2", "inception_resnet_v2"),
        ("vgg", "vgg16"),
        ("VGG-19", "vgg19"),
        ("resnet-50", "resnet50"),
        ("ResNet50", "resnet50"),
        ("resnet50_v1.5", "resnet50"),
        ("resnet50_v1", "resnet50_original"),
        ("resnetv2_50", "resnet50_v2"),
        ("ResNet50V2", "resnet50_v2"),
        ("seresnet50", "se_resnet50"),
        ("SE-ResNet-50", "se_resnet50"),
        ("wrn_50_2", "wide_resnet50_2"),
        ("DenseNet-121", "densenet121"),
    ],
)
def test_what_people_type_resolves(typed: str, name: str) -> None:
    assert canonical(typed) == name


def test_a_model_is_built_by_its_alias() -> None:
    by_alias, by_name = (build(name, device="meta") for name in ("GoogLeNet", "inception_v1"))
    assert type(by_alias) is type(by_name)


@pytest.mark.parametrize("name", models())
def test_a_registered_name_stands_for_itself(name: str) -> None:
    assert canonical(name) == name


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("googlnet", "googlenet"),
        ("RESNET51", "resnet50"),
        ("densnet", "densenet"),
        ("nothing at all like it", None),
    ],
)
def test_an_unknown_name_suggests_names_and_aliases(typed: str, suggested: str | None) -> None:
    for ask in (canonical, build):
        with pytest.raises(UnknownNameError, match="unknown model") as caught:
            ask(typed)
        assert suggested is None or suggested in caught.value.suggestions


def test_no_two_cards_claim_one_spelling() -> None:
    assert set(spellings(load()).values()) == set(models())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"aliases": ("small",)}, {"name": "other", "aliases": ("small",)}),
        ({"aliases": ("small-net",)}, {"name": "other", "aliases": ("Small_Net",)}),
        ({}, {"name": "other", "aliases": ("tiny",)}),
        ({}, {"name": "other", "aliases": ("TINY",)}),
        ({}, {"name": "ti_ny"}),
    ],
)
def test_a_spelling_claimed_twice_is_named(
    registered: Callable[..., None], first: dict[str, object], second: dict[str, object]
) -> None:
    registered(replace(TINY, **first), replace(TINY, **second))
    with pytest.raises(DuplicateNameError, match=f"'tiny' and '{second['name']}'"):
        spellings(load())
