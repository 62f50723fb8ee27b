"""``profile MODEL --as TOOL``: what other tools say, and why they differ."""

from __future__ import annotations

from inception_profiler.cli.request import Request


def counted_as(request: Request, conventions: str) -> int:
    """Show the numbers that other tools give, alone or as ratios."""
    from inception_profiler.analysis.conventions.translate import translation, with_companions
    from inception_profiler.analysis.profile import counted
    from inception_profiler.cli.output import deliver
    from inception_profiler.document.conventions import explanation_document, translation_document

    chosen = with_companions(_names(conventions))
    profiles = tuple(map(counted, request.subjects()))
    result = translation(profiles, chosen)
    if len(profiles) > 1:
        deliver(translation_document(result, request.view), request.paths)
    else:
        deliver(explanation_document(result.models[0], request.view), request.paths)
    return request.status(profiles)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
