"""Trees of modules as a map in which one can move: what is measured, and how it is drawn, can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from inception_profiler.document.colours import QUIET, colour_of
from inception_profiler.document.tree import Anatomy, Node, Tree
from inception_profiler.render.html.escaping import data, drawn, text
from inception_profiler.render.html.theme import SHADE, both, nights
from inception_profiler.units import Unit, scale_for

_LABEL = 40
_SHAPES = (("treemap", "treemap"), ("icicle", "icicle"))
_SHARE = scale_for((), Unit.SHARE)


def anatomy(block: Anatomy, trees: Sequence[Tree], key: str) -> str:
    """Write trees side by side under one choice of what is measured; ``key`` is the id of the title."""
    measures = trees[0].measures
    kinds = dict.fromkeys(node.kind for tree in trees for node in tree.nodes if node.kind)
    shades = {kind: colour_of(kind) or QUIET for kind in kinds}
    chosen = _choice(key, "measure", "Area", [(each.key, each.title) for each in measures])
    shaped = _choice(key, "shape", "Drawn as", _SHAPES)
    explained = "".join(
        f'<p data-explains="{n}"{" hidden" if n else ""}>{text(f"{each.title}: {each.explained}.")}</p>'
        for n, each in enumerate(measures)
        if each.explained
    )
    panels = "".join(_panel(tree, key, n, shades) for n, tree in enumerate(trees))
    entries = "".join(
        f'<li><span class="dot" style="background:{both(shade)}"></span>{text(kind)}</li>'
        for kind, shade in shades.items()
    )
    return (
        f'<div class="choices">{chosen}{shaped}</div>\n<ul class="key" aria-label="Colours">{entries}</ul>\n'
        f'<div class="panels" data-trees="{key}">\n{panels}</div>\n'
        f"<figcaption><p>{text(block.caption)} Select a module to go into it.</p>{explained}</figcaption>\n"
    )


def _choice(key: str, name: str, title: str, options: Sequence[tuple[str, str]]) -> str:
    entries = "".join(
        f'<label><input type="radio" name="{key}-{name}" value="{text(value)}"'
        f' data-choice="{name}"{"" if n else " checked"}><span>{text(said)}</span></label>'
        for n, (value, said) in enumerate(options)
    )
    return f'<fieldset class="choice"><legend>{title}</legend>{entries}</fieldset>'


def _panel(tree: Tree, key: str, position: int, shades: dict[str, str]) -> str:
    name = f"{key}-tree-{position}"
    marks = colour_of(tree.title)
    dot = f'<span class="dot" style="background:{both(marks)}"></span>' if marks else ""
    whole = "".join(
        f'<span data-explains="{n}"{" hidden" if n else ""}>'
        f"{text(_number(tree, tree.nodes[0], n))} {text(measure.title)}</span>"
        for n, measure in enumerate(tree.measures)
    )
    drawing = {"tree": _drawing(tree, shades), "nights": dict(nights(shades.values()))}
    told = f"{tree.title}: its modules by area; the table of layers has the same numbers"
    return (
        f'<div class="panel"><p class="panel-title">{dot}<strong>{text(tree.title)}</strong> {whole}</p>\n'
        f'<div class="plot" id="{name}" role="img" aria-label="{text(told)}" '
        f'style="min-height:460px"></div>\n'
        f'<p class="source">{text(tree.source)}</p>\n'
        f'<script type="application/json" data-drawing="{name}">{data(drawing)}</script></div>\n'
    )


def _drawing(tree: Tree, shades: dict[str, str]) -> dict[str, Any]:
    """Return the columns of a tree; every node is known by its position, as names can be alike."""
    nodes, measures = tree.nodes, range(len(tree.measures))
    return {
        "ids": [str(n) for n in range(len(nodes))],
        "parents": ["" if node.parent is None else str(node.parent) for node in nodes],
        "labels": [drawn(node.label, _LABEL) for node in nodes],
        "colors": [shades[node.kind] if node.kind else SHADE for node in nodes],
        "values": [[node.values[measure] for node in nodes] for measure in measures],
        "texts": [[drawn(_number(tree, node, measure)) for node in nodes] for measure in measures],
        "hovers": ["<br>".join(_hover(tree, node)) for node in nodes],
    }


def _number(tree: Tree, node: Node, measure: int) -> str:
    value = node.values[measure]
    return scale_for((value,), tree.measures[measure].unit).full(value)


def _hover(tree: Tree, node: Node) -> Iterator[str]:
    yield f"<b>{drawn(node.title, 3 * _LABEL)}</b>"
    if node.kind:
        yield drawn(node.kind)
    for n, measure in enumerate(tree.measures):
        share = _SHARE.full(tree.share(node, n))
        yield drawn(f"{measure.title}: {_number(tree, node, n)}, {share}")
