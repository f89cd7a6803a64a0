"""The lists of objects that an agreement is: its parties and who signs for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.leaves import Leaves, leaf, missing, pointer_of
from extract_bridge.local.engine.prose.parties import PARTY_WORDS, party_objects
from extract_bridge.local.engine.prose.signatures import said_candidate, signatures
from extract_bridge.local.engine.text import label_tokens, split_name
from extract_bridge.local.engine.values import kind_of, schema_types
from extract_bridge.local.engine.wanted import describe

if TYPE_CHECKING:
    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_SIGNERS = frozenset(
    [
        "signatory",
        "signatorie",
        "signatories",
        "signer",
        "signers",
        "signature",
        "unterzeichner",
        "signataire",
        "firmante",
        "firmatario",
        "ondertekenaar",
    ]
)
_PARTS = {
    "state": frozenset(("state", "incorporation", "jurisdiction")),
    "date": frozenset(("date", "datum", "fecha", "signed")),
    "name": frozenset(["name", "nom", "nombre", "naam", "nome", "company"]),
    "role": frozenset(
        [
            "role",
            "defined",
            "alias",
            "term",
            "rolle",
            "qualite",
            "rol",
            "ruolo",
            "capacity",
            "type",
            "designation",
        ]
    ),
    "address": frozenset(["address", "adresse", "anschrift", "direccion", "adres", "indirizzo"]),
    "title": frozenset(
        ["title", "position", "titel", "titre", "fonction", "cargo", "functie", "funktion", "capacity"]
    ),
}


def agreement_list(
    reading: Reading, path: tuple[str | int, ...], items: Mapping[str, Any]
) -> tuple[list[Any], Leaves] | None:
    """The parties or the signatories of an agreement; None where the list is neither, or the document names none."""
    tokens = set(label_tokens(split_name(str(path[-1]))))
    properties = schema_types(items)[1].get("properties")
    if not isinstance(properties, Mapping) or not tokens & (PARTY_WORDS | _SIGNERS):
        return None
    fields: dict[str, Wanted] = {}
    for key, subschema in properties.items():
        words = set(label_tokens(split_name(key)))
        part = next((part for part, known in _PARTS.items() if words & known and part not in fields), None)
        if part and kind_of(subschema, key) in ("string", "date"):
            fields[part] = describe((key,), subschema)
    if "name" not in fields:
        return None
    rows = (
        _signers(reading, fields)
        if tokens & _SIGNERS
        else party_objects(
            reading, fields["name"], fields.get("role"), fields.get("address"), fields.get("state")
        )
    )
    return _filled(path, properties, fields, rows) if rows else None


def _signers(reading: Reading, fields: Mapping[str, Wanted]) -> list[dict[str, Candidate]]:
    """The blocks of signatures, one row each, where a name is filled in."""
    rows = [
        {
            part: made
            for part, said in block.parts.items()
            if part in fields and (made := said_candidate(reading, fields[part], said, 0.78))
        }
        for block in signatures(reading)
    ]
    return [row for row in rows if "name" in row]


def _filled(
    path: tuple[str | int, ...], properties: Mapping[str, Any], fields: Mapping[str, Wanted], rows: list[Any]
) -> tuple[list[Any], Leaves]:
    part_of = {wanted.path[-1]: part for part, wanted in fields.items()}
    data: list[Any] = []
    leaves: Leaves = {}
    for at, found in enumerate(rows):
        row: dict[str, Any] = {}
        for key, subschema in properties.items():
            if kind_of(subschema) in ("array", "object"):
                row[key] = [] if kind_of(subschema) == "array" else {}
                continue
            pointer = pointer_of((*path, at, key))
            item = found.get(part_of.get(key, ""))
            leaves[pointer] = leaf(pointer, item) if item else missing(pointer, "The agreement does not say.")
            row[key] = leaves[pointer].value
        data.append(row)
    return data, leaves
