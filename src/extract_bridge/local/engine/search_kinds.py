# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
"""Which kind of text is looked for as a property's value: an amount, a name, an address, a number of a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.lexicon.phrases import concept_kinds
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.local.engine.wanted import Wanted

_PERCENT = frozenset(
    (
        "percent",
        "percentage",
        "pct",
        "prozent",
        "procent",
        "pourcentage",
        "porcentaje",
        "percentuale",
        "percentagem",
        "procenta",
    )
)
ID_WORDS = frozenset(("no", "id", "code", "ref", "reference", "key", "identifier"))
_NAME_HINT = re.compile(
    r"\bname\b|\bcompany\b|\bperson\b|\bwho\b|\borganisation\b|\borganization\b|\bparty\b"
)
_SAYS_EMAIL = re.compile(r"^(?:the |list of |all )?e-?mail(?: |-)?address")
_DOCUMENTS = frozenset("document agreement contract report form letter paper".split())
_TYPED_WORDS = {
    "email": "email", "mail": "email", "phone": "phone", "telephone": "phone", "fax": "phone", "url": "url", "website": "url",
    "iban": "iban", "bic": "bic", "swift": "bic", "currency": "currency", "address": "address",
}  # fmt: skip
_FORMATS = {
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "iri": "url",
    "hostname": "url",
    "uri-reference": "url",
}


def search_kind(item: Wanted, branch: Mapping[str, Any], description: str) -> str:
    """By its choices, its type, its format and its meanings, else by the words of its name and description."""
    if item.choices:
        return "choice"
    if item.kind in ("boolean", "date"):
        return item.kind
    strong = [name for name, weight in item.concepts.items() if weight >= 0.6]
    kinds = [concept_kinds()[name] for name in sorted(strong, key=lambda name: -item.concepts[name])]
    if item.kind in ("number", "integer"):
        percent = set(item.tokens) & _PERCENT or ("rate" in item.tokens and not kinds)
        return (
            "percent"
            if percent
            else next((kind for kind in kinds if kind in ("amount", "number", "percent")), "number")
        )
    fmt = _FORMATS.get(str(branch.get("format") or "")) or _title_of_document(item)
    if fmt:
        return fmt
    if _SAYS_EMAIL.match(fold(description)):
        return "email"
    if kinds:
        return kinds[0]
    place = next((token for token in item.tokens if token in ("country", "city", "state", "street")), None)
    if place:
        return place
    if item.tokens and item.tokens[-1] in _TYPED_WORDS:
        return _TYPED_WORDS[item.tokens[-1]]
    if item.tokens and (item.tokens[-1] in ID_WORDS or item.tokens[0] == "no"):
        return "id"
    return (
        "name"
        if _NAME_HINT.search(fold(f"{' '.join(item.tokens)} {description}")) and len(description) < 80
        else "text"
    )


def _title_of_document(item: Wanted) -> str | None:
    """`agreement_title` is the heading of the document, where `job_title` is none."""
    return "title" if item.tokens[-1:] == ("title",) and set(item.tokens[:-1]) & _DOCUMENTS else None
