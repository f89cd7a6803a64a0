# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Names in the running text of an agreement, and the terms that it defines for them.

A name ends where its description begins: at a comma before a word in small letters, at a bracket, at a verb. What stands
before it, such as `between`, an article or a title of courtesy, is no part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = 6_000
"""Characters in which an agreement names its date and parties."""
BEFORE = 420
"""Characters in which a party is described before its term."""
_LONGEST_NAME = 100
_MOST_WORDS = 12
_MOST_ROLES = 200
_ARTICLE = r"(?:(?:the|le|la|l'|les|der|die|das|den|dem|de|het|el|il|lo|o|a|as)\s|l['’]\s?)?"
_CUE = (
    r"(?:ci-après|ci-dessous|hereinafter|hereafter|herein|nachfolgend|nachstehend|im\sFolgenden|hierna|en\sadelante"
    r"|en\slo\ssucesivo|(?:di|in)\sseguito|d[’']ora\sinnanzi|doravante|(?:de\sora\sem\s)?(?:adiante|diante)|zwan\w{1,3}\sdalej|dalej)"
)
_QUOTED = re.compile(
    r"\s*\(\s*(?:\w+,?\s+){0,6}?(?:[\"“”„«]\s?(?P<term>[^\"“”„«»]{2,40}?)\s?[\"“”»]|[‘'](?P<single>[^‘’']{2,40})[’'])[^()]{0,120}\)"
    rf"|(?:\s?[,–—(-]|\s)\s?{_CUE}[\s:,]\s?(?:\w{{1,20}},?\s){{0,6}}?[«“”„\"‘']\s?{_ARTICLE}(?P<plain>[^«»“”„\"‘’']{{2,40}}?)\s?[»”“\"’',]"
    rf"|(?:\s?[,–—(-]|\s)\s?{_CUE}[\s:,]\s?(?:to\sbe\s)?(?:referred\sto\s(?:simply\s)?as|called|known\sas|dénommée?s?|désignée?s?|genannt|te\snoemen"
    r"|denominat[oaie]|denominad[oa]s?|designad[oa]s?(?:\s(?:por|como|apenas))?)\s(?:simply\s)?"
    rf"{_ARTICLE}(?P<bare>[A-ZÀ-Þ]\w{{2,24}}(?:\s[A-Z]\w{{2,20}})?)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r",\s{1,3}(?:as|in its capacity as)\s{1,3}(?:the\s{1,3}|an?\s{1,3})?(?P<role>[A-Za-z]\w{2,20}(?:\s\w{2,20}){0,2})(?=\s?[,.;(]|\s(?:and|AND)\b)"
    r"|\s\(\s?(?:as\s|the\s|as\sthe\s|hereinafter\s(?:the\s)?)(?P<inside>[A-Za-z]\w{2,20}(?:\s\w{2,20}){0,2})\s?\)"
)
_KINDS = (
    r"Inc|Incorporated|LLC|L\.L\.C|Ltd|Limited|plc|Corp|Corporation|Company|Co|GmbH|AG|KG|OHG|UG|SE|B\.?V|N\.?V|S\.?A|S\.?A\.?S|SARL|S\.?p\.?A|S\.?r\.?l"
    r"|S\.?L|Lda|LLP|L\.?P|N\.A|Pte|Pty"
)
_KIND = (
    rf"(?:{_KINDS}|PLC|INC|INCORPORATED|LTD|LIMITED|CORP|CORPORATION|COMPANY|CO|GMBH|S\.?R\.?L|LDA|PTE|PTY)"
)
_COMPANY = re.compile(
    rf"\b{_KIND}\b\.?(?:(?:,\s?|\s?&\s?|\s){_KIND}\b\.?){{0,4}}(?=[,;]|\s\(|\s?$|\s[a-z–—-])"
)
_NEXT_KIND = re.compile(rf"\s?{_KIND}\b")
_BETWEEN = re.compile(
    r"\b(?:by\s+and\s+(?:between|among)|between|among|zwischen|entre|tussen|tra|fra|pomiędzy|między|entered\s+into\b[^.]{0,60}?,?\s+by)\b(?:\s+and\s+(?:between|among))?[:\s]+",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:[\s,;:&–—-]|whereas,?(?=\s)|\(?(?:[ivx]{1,4}|\d{1,2}|[a-e])[.)](?=\s)|(?:and|und|et|en|y|e|by|with|tussen|zwischen|entre|tra|de\s(?:una|otra)\sparte|d'une\spart|d'autre\spart|the\sundersigned"
    r"|les\ssoussignés|ondergetekenden|der\sfirma|die\sfirma|la\ssociété|la\ssocietà|la\ssociedad|de\sfirma|the\scompany|d(?:er|ie|as|en|em)|la|le|il|el|de|o|a)(?=[\s,:])"
    r"|l['’](?=\w)|(?:mr|mrs|ms|miss|dr|frau|herrn?|madame|monsieur|mademoiselle|mme|mlle|m|don|doña|d|dña|sig|sig\.ra|sig\.na|signora?|heer|mevrouw|dhr|mevr|sr|sra|senhora?|pan|pani|prof)\.?(?=\s[A-ZÀ-Þ]))",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Frau|Herrn?|Madame|Monsieur|Mme|don|doña|D|Dña|sig|sig\.ra|sig\.na|signora?|heer|mevrouw|Sr|Sra|senhora?|Senhora?|Pan|Pani)\.?\s(?=[A-ZÀ-Þ][a-zà-þ])"
)
_CONNECTS = frozenset(
    (
        "and of the for de del de' des du di da dos das van von der den zu zur und et y e en i la le les el los las & + d/b/a a.k.a. au aux "
        "in op te"
    ).split()
)
_NEVER_NAMES = re.compile(
    r"\b(?:this|agreement|hereof|whereas|vertrag|contrat|contrato|contratto|overeenkomst|parties|parteien|soussign\w*|section|article|artikel)\b",
    re.IGNORECASE,
)
DESCRIBES_THE_LAST = re.compile(
    r"^,?\s+(?:an?|eine?|une?|een)\s[^;:]{0,200}?,?\s(?:and|und|et|y|en)\s+(?=(?:d(?:er|ie|as)\s)?[A-Z])"
)
"""What still describes the party before, up to the word that joins the next one to it."""
_DEGREES = re.compile(r"(?:,?\s{1,3}(?:M\.?D|Ph\.?D|Esq|J\.?D|CPA|MBA)\b\.?){1,5}$")
_BREAK = re.compile(
    r"(?:\b(?:between|among|and|by|with|to|zwischen|und|der|die|dem|den|entre|et|tussen|tra)\b|[;:)],?|[a-z]\.|,\s(?:as|in its capacity as)\s(?:the\s)?\w+(?:\s\w+){0,2},)\s+(?=[A-Z])"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A term that stands for a name.

    Attributes:
        term: The term, folded.
        opens: Where the text that it stands for may begin.
        start: Where that text ends, and the definition begins.
        end: Where the definition ends.
        described: What the name is may be described between the two; a role follows its name at once.
    """

    term: str
    opens: int
    start: int
    end: int
    described: bool = True


def definitions(text: str, opens_at: list[int]) -> Iterator[Definition]:
    """Every term in quotes or brackets, or behind `hereinafter`, left to right; `opens_at` is where paragraphs begin."""
    last, paragraph = 0, 0
    for match in _QUOTED.finditer(text):
        while paragraph + 1 < len(opens_at) and opens_at[paragraph + 1] <= match.start():
            paragraph += 1
        begins = opens_at[paragraph] if opens_at and match.start() - opens_at[paragraph] > 2 else 0
        opens = max(last, begins, match.start() - BEFORE)
        named = match["term"] or match["single"] or match["plain"] or match["bare"]
        yield Definition(fold(named).strip(" ,."), opens, match.start(), match.end())
        last = match.end()


def roles(text: str) -> Iterator[Definition]:
    """Names in the head of an agreement with the role they have: `HEATH BANK, as Agent`, `Alder plc (the Seller)`."""
    for count, match in enumerate(_ROLE.finditer(text[:HEAD])):
        if count >= _MOST_ROLES:
            return
        yield Definition(
            fold(match["role"] or match["inside"]),
            max(0, match.start() - 160),
            match.start(),
            match.end(),
            False,
        )


def name_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name of the party that a stretch of text describes: the first one in it, else the one that ends it."""
    between = list(_BETWEEN.finditer(text, start, end))
    last = DESCRIBES_THE_LAST.match(text[start:end])
    opens = between[-1].end() if between else start + (last.end() if last else 0)
    return (
        bare_name(text, opens, end)
        or company_in(text, opens, end)
        or _person_in(text, opens, end)
        or last_name(text, start, end)
    )


def _person_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The first person in a stretch of text who is called by a title of courtesy."""
    title = _TITLE.search(text, start, end)
    return bare_name(text, title.start(), end) if title else None


def company_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The first company in a stretch of text: capitalised words that end in a kind of company."""
    company = _COMPANY.search(text, start, end)
    if company is None:
        return None
    opens = company.start()
    for match in reversed(
        list(re.finditer(r"\S+", text[max(start, company.start() - _LONGEST_NAME) : company.start()]))
    ):
        begins = max(start, company.start() - _LONGEST_NAME) + match.start()
        word = match.group()
        if not (any(letter.isupper() for letter in word) or word.casefold() in _CONNECTS) or word[-1] in ";:":
            break
        if word.endswith(",") and opens != company.start():
            break
        opens = begins
    return bare_name(text, opens, end)


def last_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name that ends a stretch of text: from its last break on, without what describes it."""
    cut = max((match.end() for match in _BREAK.finditer(text, start, end)), default=start)
    return bare_name(text, cut, end)


def bare_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name that begins a stretch of text, without what leads to it and what describes it."""
    while lead := _LEAD.match(text[start : min(end, start + 40)]):
        if lead.end() == 0:
            break
        start += lead.end()
    stop = _name_end(text, start, end)
    body = _DEGREES.sub("", text[start:stop].rstrip(" ,;–—-")).rstrip(" ,;")
    words = body.split()
    if not 0 < len(words) <= _MOST_WORDS or _NEVER_NAMES.search(body):
        return None
    if not any(letter.isupper() for letter in words[0]) or (len(words) == 1 and len(body) < 4):
        return None
    return start, start + len(body)


def _name_end(text: str, start: int, end: int) -> int:
    """Where capitalised words and what joins them end; a company's kind, such as `Inc.`, goes with its name."""
    position = start
    for match in re.finditer(r"\S+", text[start:end]):
        word = match.group().strip("“”\"'«»„")
        begins = start + match.start()
        if not word or begins - start > _LONGEST_NAME:
            break
        plain = word.rstrip(",;:")
        capital = any(letter.isupper() for letter in plain) or plain.isdigit() or plain in ("&", "+")
        if (
            not capital
            and plain.casefold() not in _CONNECTS
            and not plain.casefold().startswith(("d'", "l'", "d/b/a"))
        ):
            break
        if word.startswith("(") or plain.casefold() in ("d/b/a", "dba", "a/k/a"):
            break
        if capital:
            position = begins + len(match.group())
        if word != plain and not _goes_on(text, start, start + match.end(), end):
            break
    return position


def _goes_on(text: str, start: int, position: int, end: int) -> bool:
    """Behind a comma inside a name stands its kind of company, at once or after more names of partners."""
    if _NEXT_KIND.match(text, position, end):
        return True
    if text[position - 1] != "," or _COMPANY.search(text, start, position - 1):
        return False
    company = _COMPANY.search(text, position, min(end, position + _LONGEST_NAME))
    if company is None:
        return False
    between = text[position : company.start()].strip()
    return re.fullmatch(r"(?:[A-ZÀ-Þ&][\w.&'’-]*,?\s?){0,6}", between) is not None and not re.search(
        r"\d", between
    )


def is_company(name: str) -> bool:
    """The name ends in a kind of company."""
    return _COMPANY.search(name) is not None
