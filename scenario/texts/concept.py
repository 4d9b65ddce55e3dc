"""The shape of an idea of project."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concept:
    """An idea that many projects may be drawn from; its sentences name fields in braces (``words.slots``)."""

    axis: str
    sub_themes: tuple[str, ...]
    need_codes: tuple[str, ...]
    publics: tuple[str, ...]
    titles: tuple[str, ...]
    needs: tuple[str, ...]
    objectives: tuple[str, ...]
    pathway: tuple[str, ...]
    innovations: tuple[str, ...]
