"""A document as one LaTeX file: what makes it compile, and its blocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from inception_profiler.document.blocks import Block, Callout, Document, Fold, Formula, Heading, Prose, Table
from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.document.chart_table import chart_table
from inception_profiler.document.tree import Anatomy
from inception_profiler.render.latex.escaping import SPACE, maths, text, unusual
from inception_profiler.render.latex.tables import table

_HEAD = r"""% Compiles as it is. Within a document, \input{this file} skips the preamble: load array, booktabs
% and longtable there. One table: \usepackage{catchfilebetweentags}, \ExecuteMetaData[this file]{its tag}.
% Pictures of the same: --out FILE.pdf, \includegraphics{FILE}.
\expandafter\ifx\csname @nodocument\endcsname\relax
  \let\theEndOfThis\relax
\else
  \documentclass[a4paper]{article}
  \ifdefined\Umathcode \usepackage{fontspec}\else \usepackage[T1]{fontenc}\usepackage{lmodern}\fi
  \usepackage{array,booktabs,longtable}
  \usepackage[margin=15mm]{geometry}
"""
_FONTS = r"""  \ifdefined\Umathcode
    \def\firstFont#1,{\if\relax#1\relax\else\IfFontExistsTF{#1}{\setmainfont{#1}\let\firstFont\noFont}{}%
      \expandafter\firstFont\fi}
    \def\noFont#1,{\if\relax#1\relax\else\expandafter\noFont\fi}
    \firstFont Noto Serif CJK SC,Source Han Serif SC,Songti SC,SimSun,FandolSong-Regular,,
  \fi
"""
_BODY = r"""  \begin{document}
  \def\theEndOfThis{\end{document}}
\fi
"""
_SIGNS = r"""\ifdefined\Umathcode
  \catcode"200B=13 \protected\def^^^^200b{\hskip0pt plus.05em\relax}
\else % pdfLaTeX has no font for these: it prints their codes; XeLaTeX and LuaLaTeX print the signs
  \protected\def\unknownSign#1{\mbox{\footnotesize[U+#1]}}
"""
_HEADINGS = ("section", "subsection", "subsubsection", "paragraph")


def file(document: Document) -> str:
    """Return the whole file."""
    body = "\n\n".join(filter(None, map(_Tags().block, document.blocks)))
    strange = unusual([body])
    return "".join(
        (
            _HEAD,
            _FONTS if strange else "",
            _BODY,
            "".join(_declared(strange)) if strange else "",
            f"\n{body}\n\n\\theEndOfThis\n",
        )
    )


class _Tags:
    """The blocks of a document one after the other, each table under a tag of its own."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def block(self, block: Block) -> str:
        """Write a block."""
        match block:
            case Heading():
                command = _HEADINGS[min(block.level, len(_HEADINGS)) - 1]
                return rf"\{command}*{{{text(block.text)}}}"
            case Prose():
                return rf"\noindent {text(block.text)}\par"
            case Callout():
                said = rf"\textbf{{{text(block.kind.capitalize())}:}} {text(block.text)}"
                return f"\\begin{{quote}}\n{said}\n\\end{{quote}}"
            case Formula():
                return f"\\begin{{quote}}\n$\\displaystyle {maths(block.text)}$\n\\end{{quote}}"
            case Table():
                return self._tagged(block)
            case Chart():
                return self._tagged(chart_table(block))
            case Illustration() | Anatomy() | Fold():
                return ""

    def _tagged(self, block: Table) -> str:
        plain = unicodedata.normalize("NFKD", block.title).lower()
        name = "-".join(re.findall(r"[a-z0-9]+", plain))[:60] or "table"
        self.taken[name] = self.taken.get(name, 0) + 1
        tag = name if self.taken[name] == 1 else f"{name}-{self.taken[name]}"
        return f"%<*{tag}>\n{table(block, tag)}\n%</{tag}>"


def _declared(signs: list[str]) -> Iterator[str]:
    """Yield what tells pdfLaTeX how to print signs that it does not know."""
    yield _SIGNS
    yield f"  \\expandafter\\def\\csname u8:\\detokenize{{{SPACE}}}\\endcsname{{\\hskip0pt\\relax}}\n"
    for sign in signs:
        shown = f"\\unknownSign{{{ord(sign):04X}}}"
        yield f"  \\expandafter\\def\\csname u8:\\detokenize{{{sign}}}\\endcsname{{{shown}}}\n"
    yield "\\fi\n"
