# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""What a schema asks for: each scalar property with the labels, the meaning and the kind of text to look for.

Longer than most modules: everything that decides what one property means stands together, since each step narrows the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from extract_bridge.local.engine.lexicon.phrases import (
    concept_kinds,
    phrase_index,
    role_of_concepts,
    role_words,
)
from extract_bridge.local.engine.meanings import about_tax, by_description, by_tokens
from extract_bridge.local.engine.search_kinds import ID_WORDS, search_kind
from extract_bridge.local.engine.text import canonical, fold, label_key, label_tokens, split_name
from extract_bridge.local.engine.values import Kind, choices_of, kind_of, schema_types

_MAX_DEPTH = 24
_UNITS = frozenset(
    "c f k kg g mg t lb lbs oz km m cm mm mi ft in l ml kw kwh v w s sec min h hr hour day week month year pct percent eur usd gbp chf".split()
)
_PARTY = frozenset(("seller", "buyer", "ship_to", "agency", "advertiser"))
_ROLE_ATTRIBUTES = frozenset(
    [
        "vat_id",
        "tax_number",
        "company_registration",
        "phone",
        "fax",
        "email",
        "website",
        "iban",
        "bic",
        "address",
        "street",
        "city",
        "state",
        "postal_code",
        "country",
        "customer_number",
        "person_name",
        "given_name",
        "family_name",
    ]
)
_SAYS_NOTHING = frozenset(
    (
        "type",
        "value",
        "kind",
        "text",
        "method",
        "description",
        "content",
        "name",
        "nom",
        "naam",
        "nombre",
        "nome",
    )
)
"""Names of properties that leave it to the object around them to say what they are."""
_DATE_WORDS = frozenset(("date", "datum", "fecha", "data", "le", "on", "am", "op", "el", "day", "tag"))
_DATE_END = re.compile(r"(?<=[^\W\d_]{4})s?datum$")
_ANY_PARTY = frozenset(("company", "firm", "business", "name"))
_ENDS = {
    "period_start": frozenset(
        ("from", "von", "ab", "du", "van", "vanaf", "desde", "dal", "od", "fra", "fran", "start", "de")
    ),
    "period_end": frozenset(
        ("to", "till", "until", "bis", "au", "tot", "hasta", "al", "do", "til", "end", "ate")
    ),
}
_POSSESSIVE = frozenset(
    "our your my his her their unser unsere ihr ihre notre votre nos vos ons onze uw nuestro nuestra su nostro vostro".split()
)
_GENERIC = frozenset(
    [
        "date",
        "name",
        "number",
        "total",
        "amount",
        "company",
        "person",
        "code",
        "value",
        "text",
        "state",
        "country",
        "city",
        "town",
        "service",
        "street",
        "as",
    ]
)
_MAIL_HEADERS = {
    "recipient": ("to", "an", "aan", "para", "recipients", "destinataires", "ontvangers"),
    "cc": ("cc", "copy to", "kopie", "copie", "copia"),
    "bcc": ("bcc", "blind copy"),
    "sender": ("from", "von", "van", "sender", "absender", "expediteur", "afzender", "remitente", "mittente"),
}
"""Words in a property's name, and the lines of a message's head that they mean."""
_POSITIVE = re.compile(r"\bpositive?\b|\bpositi[vf]\w*\b", re.IGNORECASE)
_NUMBERED = frozenset(("sku", "gtin", "ean", "gln", "serial", "seriennummer", "artikelnummer", "serienummer"))
_MAGNITUDES = frozenset(("amount_paid", "withholding", "discount", "commission"))
_ADDRESS_END = re.compile(r"[^\W\d_]{4}(?:adres|adresse|adress|anschrift|osoite|adresa)$")
_LONGEST_PHRASE = 6  # words of a label that a description says
_KIND_OF = frozenset(("type", "kind", "soort", "art", "tipo", "sorte", "genre", "rodzaj", "typ"))
_SCALARS: frozenset[str] = frozenset(("string", "number", "integer", "boolean", "date"))


@dataclass(eq=False, slots=True)
class Wanted:
    """One scalar that the schema asks for.

    Attributes:
        path: Property names from the root.
        schema: Its subschema.
        kind: The JSON kind of its value.
        search: The kind of text to look for: a concept's kind, or `text`, `number`, `date`, ...
        concepts: Meanings it may have, with weight 0..1.
        labels: Its own labels as `label_key`, with weight 0..1.
        role: Whose it is (`seller`, `buyer`, ...), where the schema says so.
        choices: The values of an enum.
        tokens: The words of its name.
        owner: What it belongs to, in words: the object around it, or the schema's title where its name alone says little.
    """

    path: tuple[str, ...]
    schema: Mapping[str, Any]
    kind: Kind
    search: str = "text"
    concepts: dict[str, float] = field(default_factory=dict)
    labels: dict[str, float] = field(default_factory=dict)
    role: str | None = None
    choices: list[Any] = field(default_factory=list)
    tokens: tuple[str, ...] = ()
    owner: str = ""

    @property
    def positive(self) -> bool:
        """A deduction is wanted without its sign: what was paid, or what the description says so of."""
        return (
            bool(_MAGNITUDES & set(self.concepts))
            or _POSITIVE.search(str(self.schema.get("description") or "")) is not None
        )

    @property
    def concept(self) -> str | None:
        """Its most likely meaning."""
        return max(self.concepts, key=lambda name: self.concepts[name]) if self.concepts else None


def walk(
    schema: Mapping[str, Any], path: tuple[str, ...] = (), depth: int = 0
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Every property below an object schema that is no object itself, in document order."""
    properties = schema_types(schema)[1].get("properties")
    if not isinstance(properties, Mapping) or depth > _MAX_DEPTH:
        return
    for name, subschema in properties.items():
        if not isinstance(subschema, Mapping):
            continue
        if is_object(subschema):
            yield from walk(subschema, (*path, name), depth + 1)
        else:
            yield (*path, name), subschema


def is_object(subschema: Mapping[str, Any]) -> bool:
    """The subschema describes an object with named properties."""
    return kind_of(subschema) == "object" and isinstance(
        schema_types(subschema)[1].get("properties"), Mapping
    )


def wanted_fields(schema: Mapping[str, Any]) -> list[Wanted]:
    """The scalars of an object schema, arrays left out."""
    thing = split_name(str(schema.get("title") or ""))
    fields = [
        describe(path, subschema, thing)
        for path, subschema in walk(schema)
        if kind_of(subschema, path[-1]) in _SCALARS
    ]
    _share_meanings(fields)
    return fields


def _share_meanings(fields: list[Wanted]) -> None:
    """A meaning that one date of an object has alone is not that of another one which has a second meaning.

    Beside an `issue_date`, the `sale_date` of an invoice is that of the sale; without one it may be the document's.
    """
    alone = {
        (item.path[:-1], name): item for item in fields for name in item.concepts if len(item.concepts) == 1
    }
    for item in fields:
        if item.kind == "date" and len(item.concepts) > 1:
            for name in list(item.concepts):
                if (item.path[:-1], name) in alone and len(item.concepts) > 1:
                    item.concepts[name] *= 0.6


def describe(path: tuple[str, ...], subschema: Mapping[str, Any], thing: str = "") -> Wanted:
    """What one property means, from its name, the names around it, its title and its description.

    Args:
        path: Property names from the root.
        subschema: The property's own.
        thing: The title of the schema: `number` of an `Invoice` is the invoice number.
    """
    name = path[-1]
    _, branch = schema_types(subschema)
    kind = kind_of(subschema, name)
    tokens = label_tokens(split_name(name))
    item = Wanted(path, subschema, kind, choices=choices_of(branch), tokens=tokens)
    if len(path) > 1:
        item.owner = split_name(path[-2])
    elif set(tokens) <= ID_WORDS | _GENERIC:
        item.owner = thing
    item.role = _role((name, *reversed(path[:-1])))
    description = str(branch.get("description") or "")
    last = fold(split_name(name)).split()[-1:]
    if (
        kind == "date" and len(fold(split_name(name)).split()) > 1
    ):  # `Leistung von`: a small word says which end it is
        item.concepts.update(
            dict.fromkeys((part for part, words in _ENDS.items() if set(last) & words), 0.85)
        )
    _add_labels(item, str(branch.get("title") or ""), description)
    _add_concepts(item, description)
    _settle_address(item)
    item.search = search_kind(item, branch, description)
    for word in tokens if kind == "string" else ():
        for alias in _MAIL_HEADERS.get(word, ()):
            item.labels.setdefault(label_key(alias), 0.85)
    return item


def _role(names: tuple[str, ...]) -> str | None:
    own = None
    for at, name in enumerate(names):
        tokens = label_tokens(_with_umlauts(split_name(name)))
        joined = "".join(tokens)
        for role, words in role_words().items():
            if any(token in words for token in tokens) or joined in words:
                if role == "seller" and tokens and set(tokens) & {"company", "firm"} and "no" in tokens:
                    continue
                if at == 0 and role == "seller" and set(tokens) <= _ANY_PARTY:
                    own = role  # whose company it is the object around it says
                    continue
                return role
        if at:  # an object around the property, which may be named in any language
            meant = role_of_concepts(concept.name for concept in phrase_index().get(joined, ()))
            if meant:
                return meant
    return own


def _add_labels(item: Wanted, title: str, description: str) -> None:
    weights = {" ".join(item.tokens): 1.0, title: 1.0}
    if len(item.tokens) > 1 and item.tokens[-1] in _UNITS and item.kind in ("number", "integer"):
        weights[" ".join(item.tokens[:-1])] = 0.97
    if item.owner:
        weights[f"{item.owner} {' '.join(item.tokens)}"] = 1.0
    if len(item.path) > 1 and set(item.tokens) <= _SAYS_NOTHING:
        weights[item.owner] = 0.85
    weights.update(dict.fromkeys(_without_kind(item), 0.85))
    for quoted in re.findall(r"[\"“”„'‘’«「『]([^\"“”„'‘’«»「」『』]{2,40})[\"“”„'‘’»」』]", description):
        if not re.search(r"\d", quoted):
            weights[quoted] = 0.9
    for phrase in head_phrases(description):
        weights.setdefault(phrase, 0.75)
    for phrase, weight in list(weights.items()):
        weights.setdefault(_with_umlauts(phrase), weight)
    for phrase, weight in weights.items():
        key = label_key(phrase) if phrase else ""
        if len(key) > 1:
            item.labels[key] = max(weight, item.labels.get(key, 0.0))


def _with_umlauts(phrase: str) -> str:
    """A name that spells letters out, as names of properties must: `waehrung` is `wahrung`, `beloeb` is `belob`."""
    return re.sub(
        r"(?<![aeoq])([aou])e(?=[^\W\d_aeiou])|(a)a",
        lambda found: "".join(filter(None, found.groups())),
        phrase,
    )


def _without_kind(item: Wanted) -> Iterator[str]:
    """The name without the word that only says what kind of value it is, which documents leave out.

    `collection_date` and `entnahmedatum` stand behind `Collection` and `Entnahme`, `number_of_guests` behind `Guests`.
    """
    if item.kind == "date":
        rest = [_DATE_END.sub("", token) for token in item.tokens if token not in _DATE_WORDS]
        if rest != list(item.tokens) and any(len(token) > 3 for token in rest):
            yield " ".join(rest)
    if item.kind == "integer" and len(item.tokens) > 1 and item.tokens[0] in ("no", "count"):
        yield " ".join(item.tokens[1:])
    if item.kind == "string" and len(item.tokens) > 1 and item.tokens[-1] == "name":
        yield " ".join(item.tokens[:-1])
    if item.kind == "string" and len(item.tokens) > 1 and item.tokens[0] in _KIND_OF:
        yield " ".join(item.tokens[1:])


def head_phrases(description: str) -> list[str]:
    """The noun phrases that a description starts with: `Contract, order or invoice number` gives three."""
    head = re.split(
        r"[.;:(\n]| e\.g| that | which | who | whose | where | if | as ", description, maxsplit=1
    )[0]
    if not head or len(head) > 80:
        return []
    parts = [part.strip() for part in re.split(r",|/|\bor\b|\band\b", head) if part.strip()]
    last = parts[-1].split() if parts else []
    phrases = []
    for part in parts:
        words = part.split()
        if (
            len(words) == 1
            and len(last) >= 2
            and canonical(fold(last[-1])) in ID_WORDS | {"date", "amount", "name"}
        ):
            words = [words[0], last[-1]]
        if 1 <= len(words) <= _LONGEST_PHRASE and not (len(words) == 1 and fold(words[0]) in _GENERIC):
            phrases.append(" ".join(words))
            if len(words) > 1 and fold(words[0]) in _POSSESSIVE:
                phrases.append(" ".join(words[1:]))
    return phrases


def _add_concepts(item: Wanted, description: str) -> None:
    for name, weight in _by_name(item).items():
        item.concepts[name] = max(weight, item.concepts.get(name, 0.0))
    settled = max(item.concepts.values(), default=0.0) >= 0.9
    for name in by_description(description):
        if _fits(item, name) and (not settled or concept_kinds()[name] == "amount"):
            item.concepts[name] = max(0.7 if settled else 0.9, item.concepts.get(name, 0.0))
    for key, weight in item.labels.items():
        for concept in phrase_index().get(key, ()):
            if (
                weight < 1.0
                and _fits(item, concept.name)
                and (not settled or concept.kind in ("id", "amount"))
            ):
                item.concepts[concept.name] = max(0.8, item.concepts.get(concept.name, 0.0))
    attributes = [name for name in item.concepts if name in _ROLE_ATTRIBUTES and item.concepts[name] >= 0.6]
    if attributes == ["person_name"] and len(item.path) > 1 and _role(("", item.path[-2])) == item.role:
        attributes = []  # the name of a buyer is the buyer
    if item.role and not attributes and _is_party_name(item):
        item.concepts[item.role] = 1.0
    _as_described(item, description)
    _drop_clashes(item)


def _as_described(item: Wanted, description: str) -> None:
    """What a description says against the name: an account that is an IBAN, a company that is somebody's employer."""
    told = fold(description)
    if (
        "account_number" in item.concepts
        and re.search(r"\biban\b", told)
        and not re.search(r"\bor\b|/", told)
    ):
        item.concepts = {"iban": 1.0}
    other = _said_to_be(description)
    if other and item.role == "seller" and set(item.tokens) <= _ANY_PARTY:
        item.role, item.concepts = None, {other: 1.0}  # `company`: the employer of the guest


def _said_to_be(description: str) -> str | None:
    """Who a description begins with, where that is someone beside the parties of the document."""
    for concept in phrase_index().get("".join(label_tokens(description)[:1]), ()):
        other = concept.name not in _ROLE_ATTRIBUTES and role_of_concepts((concept.name,)) is None
        if concept.kind == "name" and other:
            return concept.name
    return None


def _settle_address(item: Wanted) -> None:
    """`billing_address` is an address, and the buyer's, though the label over it names the buyer."""
    last = item.tokens[-1] if item.tokens else ""
    compound = len(item.tokens) == 1 and _ADDRESS_END.search(last) is not None  # `bezorgadres`
    if (
        item.kind != "string"
        or "mail" in item.tokens
        or not (compound or (len(item.tokens) > 1 and last == "address"))
    ):
        return
    if set(item.concepts) & _PARTY:
        owner = next(name for name in item.concepts if name in _PARTY)
        item.role = item.role or owner
        item.concepts = {"address": 1.0}


def _drop_numbers(item: Wanted) -> None:
    """Numbers of something else than the property: a name is none, and a bank's registration is not a company's."""
    owner = {concept.name for concept in phrase_index().get(label_key(item.owner), ())}
    if "company_registration" in item.concepts and owner & {"account_number", "bank_name", "iban"}:
        del item.concepts["company_registration"]  # the registration number of a bank
    if item.tokens and item.tokens[-1] == "name":
        for name in [name for name in item.concepts if concept_kinds()[name] == "id"]:
            del item.concepts[name]
    if "serial_number" in item.concepts and not set(item.tokens) & (ID_WORDS | _NUMBERED):
        del item.concepts["serial_number"]  # a `product` is named in words


def _drop_clashes(item: Wanted) -> None:
    """A party's name is no other party's; an amount that the name settles is no other amount."""
    parties = [name for name in item.concepts if name in _PARTY]
    if parties and not set(item.tokens) & ID_WORDS:
        for name in [name for name in item.concepts if concept_kinds()[name] == "id"]:
            del item.concepts[name]
    _drop_numbers(item)
    if item.role in parties:
        for name in parties:
            if name != item.role:
                del item.concepts[name]
    if item.role and "person_name" in item.concepts and item.role in item.concepts:
        del item.concepts["person_name"]


def _is_party_name(item: Wanted) -> bool:
    own = set(item.tokens)
    words = role_words().get(item.role or "", frozenset()) | {
        "name",
        "legal",
        "full",
        "company",
        "title",
        "bill",
        "sold",
        "ship",
    }
    named = {concept.name for concept in phrase_index().get("".join(item.tokens), ())}
    if item.kind == "string" and len(item.path) > 1 and "person_name" in named:
        return True
    return item.kind == "string" and (
        own <= words or ("name" in own and not own & {"bank", "person", "contact", "product", "item"})
    )


def _fits(item: Wanted, concept: str) -> bool:
    """The concept's kind of text can become the property's kind of value."""
    kind = concept_kinds()[concept]
    if item.kind in ("number", "integer"):
        return kind in ("amount", "number", "percent") or (kind == "id" and item.kind == "integer")
    if item.kind == "date":
        return kind == "date"
    return item.kind == "string" and kind not in ("date", "number", "percent") and (kind != "amount")


def _by_name(item: Wanted) -> dict[str, float]:
    names = [item.tokens]
    if item.owner:
        owner = label_tokens(item.owner)
        names += [(*owner, *item.tokens), (*item.tokens, *owner)]
    stripped = tuple(
        token for token in item.tokens if token not in role_words().get(item.role or "", frozenset())
    )
    if item.role and stripped and stripped != item.tokens:
        names.append(stripped)
    names += [plain for tokens in names if (plain := about_tax(tokens)) != tokens]
    names += [plain for tokens in names if (plain := label_tokens(_with_umlauts(" ".join(tokens)))) != tokens]
    found: dict[str, float] = {}
    if len(item.tokens) > 1 and item.tokens[-1] == "name":  # an instrument's name is the instrument
        whole = by_tokens(item.tokens[:-1])
        found = {
            name: 0.9
            for name, weight in whole.items()
            if weight >= 0.9 and concept_kinds()[name] in ("text", "name") and item.kind == "string"
        }
    for tokens in names:
        for name, weight in by_tokens(tokens).items():
            if _fits(item, name) and weight > found.get(name, 0.0):
                found[name] = weight
    return found
