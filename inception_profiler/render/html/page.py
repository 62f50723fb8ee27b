"""A document as one page that needs nothing else: sections, contents, style, data and script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from itertools import groupby

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Document,
    Fold,
    Formula,
    Heading,
    Prose,
    Table,
)
from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.document.tree import Anatomy
from inception_profiler.render.html.charts import chart
from inception_profiler.render.html.escaping import text
from inception_profiler.render.html.formula import formula
from inception_profiler.render.html.tables import fold_id, table
from inception_profiler.render.html.theme import variables
from inception_profiler.render.html.trees import anatomy

_ALWAYS, _DRAWING = ("theme.js", "tables.js"), ("drawings.js",)
_DEEPEST = 6


def page(document: Document, library: Callable[[], str]) -> str:
    """Return the whole page; ``library`` returns the script that draws, where anything is to be drawn."""
    sections = Sections(document)
    body = "".join(sections.written())
    named = any(isinstance(block, Heading) and block.level == 1 for block in document.blocks)
    title = "" if named else f"<h1>{text(document.title)}</h1>\n"
    scripts = [_part(name) for name in _ALWAYS]
    if sections.drawings:
        scripts += [library(), *(_part(name) for name in _DRAWING)]
    style = f"{variables()}\n{_part('style.css')}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{text(document.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header>{_contents(sections.contents)}{_THEME}</header>\n"
        f"<main>\n{title}{body}</main>\n"
        + "".join(f"<script>{script}</script>\n" for script in scripts)
        + "</body>\n</html>\n"
    )


class Sections:
    """The blocks of a document one after the other, each with an id to which the contents lead."""

    def __init__(self, document: Document) -> None:
        self.blocks = document.blocks
        self.leads = frozenset(block.key for block in document.blocks if isinstance(block, Fold))
        self.contents: list[tuple[str, str]] = []
        self.drawings = 0
        self._count = 0
        self._level = 1

    def written(self) -> Iterator[str]:
        """Yield every block, folds that follow each other under one title."""
        for folded, blocks in groupby(self.blocks, lambda block: isinstance(block, Fold)):
            if folded:
                yield self._folds([block for block in blocks if isinstance(block, Fold)])
            else:
                for block in blocks:
                    yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                self._level = block.level
                yield f"<h{block.level}>{text(block.text)}</h{block.level}>\n"
            case Prose():
                yield f"<p>{text(block.text)}</p>\n"
            case Callout():
                kind = text(block.kind)
                yield (
                    f'<p class="callout {kind}" role="note"><strong>{kind.capitalize()}:</strong> '
                    f"{text(block.text)}</p>\n"
                )
            case Formula():
                yield f'<p class="formula">{formula(block.text)}</p>\n'
            case Table():
                key, title = self._titled(block.title)
                yield f"<section>\n{title}{table(block, key, self.leads)}</section>\n"
            case Chart():
                yield self._chart(block, numbers=True)
            case Illustration():
                yield from (self._chart(entry, numbers=False) for entry in block.charts())
            case Anatomy():
                trees = block.trees()
                if trees:
                    self.drawings += 1
                    key, title = self._titled(block.title)
                    yield f'<figure class="anatomy">\n{title}{anatomy(block, trees, key)}</figure>\n'
            case Fold():
                yield self._fold(block)

    def _chart(self, block: Chart, *, numbers: bool) -> str:
        self.drawings += 1
        key, title = self._titled(block.title)
        return f"<figure>\n{title}{chart(block, key, numbers=numbers)}</figure>\n"

    def _folds(self, folds: Iterable[Fold]) -> str:
        key, title = self._titled("In full")
        inside = "".join(map(self._fold, folds))
        return f'<section class="folds" aria-labelledby="{key}">\n{title}{inside}</section>\n'

    def _fold(self, block: Fold) -> str:
        level, listed = self._level, len(self.contents)
        self._level = level + 1
        inside = "".join(part for each in block.blocks() for part in self._block(each))
        self._level = level
        del self.contents[listed:]
        return (
            f'<details id="{fold_id(block.key)}"><summary>{text(block.title)}</summary>\n{inside}</details>\n'
        )

    def _titled(self, said: str) -> tuple[str, str]:
        """Return a new id, and the heading that bears it, one level below the last."""
        self._count += 1
        key, level = f"part-{self._count}", min(self._level + 1, _DEEPEST)
        self.contents.append((key, said))
        return key, f'<h{level} id="{key}">{text(said)}</h{level}>\n'


_THEME = (
    '<label class="theme">Theme <select id="theme"><option value="">as the system</option>'
    '<option value="light">light</option><option value="dark">dark</option></select></label>'
)


def _contents(entries: Iterable[tuple[str, str]]) -> str:
    items = "".join(f'<li><a href="#{key}">{text(said)}</a></li>' for key, said in entries)
    title = "On this page"
    return f'<nav aria-label="{title}"><details><summary>{title}</summary><ol>{items}</ol></details></nav>'


def _policy(scripts: Iterable[str]) -> str:
    """Allow these scripts and no other, and no request to anywhere."""
    allowed = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _part(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
