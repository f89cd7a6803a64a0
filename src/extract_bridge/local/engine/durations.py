"""How long something lasts: `eighteen (18) months`, `zwei Jahre`, `30 days`, and which of a contract's durations is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.flow import SENTENCE_END
from extract_bridge.local.engine.text import fold, split_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.wanted import Wanted

_NUMBERS: dict[str, int] = {}
for _words in (
    "one two three four five six seven eight nine ten eleven twelve",
    "ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
    "un deux trois quatre cinq six sept huit neuf dix onze douze",
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "um dois tres quatro cinco seis sete oito nove dez onze doze",
    "jeden dwa trzy cztery piec szesc siedem osiem dziewiec dziesiec",
    "jednego dwoch trzech czterech pieciu szesciu siedmiu osmiu dziewieciu dziesieciu",
):
    _NUMBERS.update({word: number for number, word in enumerate(_words.split(), 1)})
_NUMBERS.update(
    {
        word: number
        for number, words in {
            1: "eine einem einer eines une una uma",
            2: "due duas",
            15: "fifteen funfzehn quinze quince vijftien quindici",
            18: "eighteen achtzehn dix-huit dieciocho achttien diciotto dezoito",
            20: "twenty zwanzig vingt veinte twintig venti vinte",
            24: "twenty-four vierundzwanzig vingt-quatre veinticuatro vierentwintig ventiquattro",
            30: "thirty dreissig trente treinta dertig trenta trinta",
            36: "thirty-six sechsunddreissig trente-six zesendertig trentasei",
            45: "forty-five",
            48: "forty-eight",
            60: "sixty sechzig soixante sesenta zestig sessanta sessenta",
            90: "ninety neunzig noventa negentig novanta",
        }.items()
        for word in words.split()
    }
)
_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}
_UNITS = {
    "year": "year years jahr jahre jahren jahres an ans annee annees ano anos jaar anno anni rok roku lata lat",
    "month": "month months monat monate monaten monats mois mes meses maand maanden mese mesi miesiac miesiaca miesiace miesiecy",
    "week": "week weeks woche wochen semaine semaines semana semanas weken settimana settimane tydzien tygodnie tygodni",
    "day": "day days tag tage tagen jour jours dia dias dag dagen giorno giorni dzien dni",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}


def _any_of(words: dict[str, int] | dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_DURATION = re.compile(
    rf"(?<![\w.,-])(?:(?P<word>{_any_of(_NUMBERS)})(?:\s?\(\s?(?P<again>\d{{1,3}})\s?\))?|\(?(?P<digits>\d{{1,3}})\)?)"
    rf"[\s-]{{1,3}}(?:(?:full|calendar|consecutive|business|working|volle|voll)\s)?(?P<unit>{_any_of(_UNIT_OF)})(?!\w)"
)
_ANNIVERSARY = re.compile(
    rf"\b(?:until|till|through|on|upon|to)\s(?:and\sincluding\s)?the\s(?P<which>{_any_of(_ORDINALS)}|(?P<digits>\d{{1,2}})(?:st|nd|rd|th))\s(?:\(\d{{1,2}}(?:st|nd|rd|th)\)\s)?anniversary\b"
)
_LASTS = re.compile(
    r"\bterm\b|expire|terminat|remain|continu|surviv|\bin (?:full )?(?:force|effect)\b|\bvalid\b|duration|\bend(?:s|et)?\b|\banniversary\b"
    r"|laufzeit|dauer|\bgilt\b|\bgelten|besteht|duree|vigueur|vigencia|duracion|vigor|looptijd|duur\b|\bgeldig|durata|vigenza|duracao|\bprazo\b|obowiazuje|czas"
)
_THIS = re.compile(
    r"(?:this|the) (?:\w+ ){0,2}(?:agreement|lease|contract|tenancy)|(?:this|under this) letter|hereof|hereunder|effective date|diese[rs]? v|vereinbarung|mietv|vertrag|present|\bbail\b|\b(?:le|du) contrat|\b(?:el|del|o|do) contrato"
    r"|overeenkomst|(?:il|del|presente) contratto|accordo|acuerdo|locazione|arrendamiento|umow"
)
_SECRECY = re.compile(r"confiden|secre|disclos|non-?use|geheim|vertraul|geheimhouding|riservat|sigilo|poufn")
_OBLIGATION = re.compile(
    r"obligation|\bdut(?:y|ies)\b|undertaking|restriction|verpflichtung|pflicht|verplichting|obbligh|obligaci|obrigac|obowiaz"
)
_DUTY = re.compile(
    r"\bhold|keep|maintain|protect|obligat|dut(?:y|ies)|not (?:\w+ ){0,3}(?:use|disclose)|surviv|expire|pflicht|obliga|verplicht|zal|zullen|permang|vigueur|vigor"
)
_OTHER = re.compile(
    r"compet|solicit|employ|\bhire\b|payment|invoice|interest|\bcure\b|breach|notice|arbitrat|\bpay\b|standstill|wettbewerb|zahlung"
    r"|concurren|competenc|concorren"
)
_NOTICE = re.compile(r"notice|kundig|preavis|preaviso|opzeg|preavviso|pre-?aviso|aviso previo|wypowied")
_ENDING = re.compile(r"terminat|\bend\b|renew|kundig|resil|conge|resol|rescind|opzeg|recess|denunc|wypowied")
_PAYMENT = re.compile(
    r"paym|payable|\bpaid\b|zahl|paiement|payab|regle|betal|\bpago|pagam|pagad|abonar|platn"
)
_RENEWS = re.compile(
    r"renew|extend|extension|verlanger|renouvel|reconduc|prorrog|renov|verleng|rinnov|przedluz"
)
_TRIAL = re.compile(
    r"probation|trial period|probezeit|essai|proeftijd|prueba|di prova|okres probny|periodo experimental"
)
_DURING_TRIAL = re.compile(
    r"(?:during|wahrend|pendant|durant|tijdens|durante|in) (?:the |der |la |de |il |el |o )?(?:period[eo] )?(?:d['ei] ?)?(?:probation|trial|probe|essai|proef|prueba|prova)"
)
_CURES = re.compile(r"\bcure|remed|breach|abhilfe|remedi|subsan|herstel|rimedi|sanar")
_CLAUSE_END = re.compile(r"[,;(]")
_NAMED = {
    "renewal": _RENEWS,
    "trial": _TRIAL,
    "cure": _CURES,
    "solicit": re.compile(r"solicit|\bhir(?:e|ing)\b"),
    "standstill": re.compile(r"standstill|\b(?:acquire|purchase)\b.{0,60}\b(?:securities|shares|stock)\b"),
    "return": re.compile(r"\breturn|destroy|vernicht|zuruckgeb|restitu|detrui|destru|vernietig"),
    "compete": re.compile(r"compet|wettbewerb|concurren|competenc|concorren"),
}
"""Durations that one word in their clause settles."""
_NEAR = 60  # characters
_APART = 0.08
_ASKS_HOW_LONG = re.compile(
    r"how long|duration|\bdauer|laufzeit|duree|duracion|looptijd|durata|duur|period|\bterm of|length"
)
_LENGTH = r"(?:period|term|duration|days?|months?|length|years?)"
_ASKED = (
    ("notice", re.compile(rf"notice {_LENGTH}|{_LENGTH} of notice|k(?:u|ue)ndigungsfrist|opzegtermijn|preavis|preaviso|preavviso|aviso previo|okres wypowiedzenia")),
    ("trial", re.compile(r"probation|trial period|probezeit|periode d?e?'? ?essai|proeftijd|periodo (?:de )?prueba|periodo (?:di )?prova|okres probny")),
    ("cure", re.compile(rf"(?:cure|remedy) {_LENGTH}|abhilfefrist")),
    ("solicit", re.compile(rf"non-? ?solicit\w* ?{_LENGTH}?|no-? ?hire {_LENGTH}")),
    ("standstill", re.compile(rf"standstill {_LENGTH}")),
    ("return", re.compile(rf"(?:return|destruction) {_LENGTH}")),
    ("compete", re.compile(rf"non-? ?compet\w* ?{_LENGTH}?|wettbewerbsverbot|non concurrence")),
    ("renewal", re.compile(rf"(?:renewal|extension) {_LENGTH}|verlangerung|reconduction|prorroga|verlenging|rinnovo")),
    ("payment", re.compile(r"zahlungsziel|zahlungsfrist|delai (?:de )?paiement|betaaltermijn|plazo (?:de )?pago|termin\w* (?:di )?pagamento|prazo (?:de )?pagamento|termin platnosci")),
    ("secrecy", re.compile(rf"(?:confidentiality|secrecy|nda|survival) {_LENGTH}|geheimhaltungs\w*(?:dauer|frist|pflicht)|dur\w* (?:de la |de )?confidentialit|dur\w* (?:de la |de )?confidencial|dur\w* riservatezza|duur geheimhouding")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duration:
    """A printed duration: characters start..end, how many, of what, the unit as printed, and where the number ends."""

    start: int
    end: int
    number: int
    unit: str
    printed: str
    anniversary: bool = False
    counted: int = 0

    @property
    def text(self) -> str:
        """The number in digits with the printed unit: `18 months`."""
        return f"{self.number} {self.printed}"


def find_durations(text: str) -> Iterator[Duration]:
    """Every duration in a text, left to right; `until the third anniversary` is three years."""
    folded = fold(text)
    if len(folded) != len(text):  # places in the one would not be places in the other
        folded = text.lower()
    found = [made for match in _DURATION.finditer(folded) if (made := _counted(text, match))]
    found += [
        Duration(
            match.start("which"),
            match.end(),
            number := int(match["digits"] or _ORDINALS.get(match["which"], 0)),
            "year",
            "year" if number == 1 else "years",
            anniversary=True,
            counted=match.end("which"),
        )
        for match in _ANNIVERSARY.finditer(folded)
    ]
    yield from sorted(found, key=lambda item: item.start)


def _counted(text: str, match: re.Match[str]) -> Duration | None:
    digits = match["again"] or match["digits"]
    number = int(digits) if digits else _NUMBERS[match["word"]]
    printed = text[match.start("unit") : match.end("unit")]
    if not number:
        return None
    ends = match.start() + len(text[match.start() : match.start("unit")].rstrip(" -"))
    return Duration(match.start(), match.end(), number, _UNIT_OF[match["unit"]], printed, counted=ends)


def asks_duration(wanted: Wanted) -> str:
    """Which duration of a contract a field asks for: `term`, `secrecy`, `notice`, `trial`, `renewal` or `payment`; empty where it asks for none."""
    told = fold(str(wanted.schema.get("description") or ""))
    if wanted.kind not in ("string", "number", "integer") or wanted.search in ("name", "id", "email", "url"):
        return ""
    if wanted.search == "amount" and not item_unit(wanted):
        return ""
    name = fold(split_name(wanted.path[-1]))
    asked = next((what for what, pattern in _ASKED if pattern.search(name)), "")
    if asked:
        return asked
    tokens = set(wanted.tokens)
    if tokens & {"payment", "zahlung", "paiement", "betaling", "pago"} or "payment" in told:
        return "payment" if item_unit(wanted) or "how long" in told else ""
    lasting = tokens & {
        "term",
        "duration",
        "laufzeit",
        "dauer",
        "duree",
        "duracion",
        "vigencia",
        "durata",
        "looptijd",
        "duur",
        "prazo",
        "duracao",
    }
    plain = tokens <= {
        *lasting, "agreement", "contract", "initial", "lease", "license", "period", "length", "in", "vertrag", "contrat", "contrato",
        "contratto", "bail", "annee", "moi", "mois", "jahr", "monat", "year", "month", "day",
    }  # fmt: skip
    if not (
        lasting
        and plain
        and (len(tokens) > 1 or _ASKS_HOW_LONG.search(told) or not told or "term" not in tokens)
    ):
        return ""
    return "secrecy" if "term" not in tokens and _SECRECY.search(told) else "term"


def says_secret(wanted: Wanted) -> bool:
    """The field speaks of confidentiality."""
    return _SECRECY.search(fold(f"{wanted.path[-1]} {wanted.schema.get('description') or ''}")) is not None


def item_unit(wanted: Wanted) -> bool:
    """The field is a number of days, weeks, months or years."""
    return wanted.kind in ("number", "integer") and any(token in _UNIT_OF for token in wanted.tokens)


def asks_unit(wanted: Wanted, found: Duration) -> bool:
    """The field counts the unit of a duration, whatever the language of either."""
    told = fold(str(wanted.schema.get("description") or "")).split()
    return any(_UNIT_OF.get(word) == found.unit for word in (*wanted.tokens, *told))


def ranked_durations(text: str, asked: str, *, secret: bool = True) -> Iterator[tuple[float, Duration]]:
    """The durations of a contract that can be the one asked for, best first, each with a score 0..1 by the words around it.

    None where the words around two different ones speak for them alike: contracts have many durations.
    """
    ranked = sorted(_scored(text, asked, secret=secret), key=lambda pair: -pair[0])
    if ranked and any(
        score > ranked[0][0] - _APART
        and (found.number, found.unit) != (ranked[0][1].number, ranked[0][1].unit)
        for score, found in ranked
    ):
        return
    yield from ranked


def _scored(text: str, asked: str, *, secret: bool) -> Iterator[tuple[float, Duration]]:
    for found in find_durations(text):
        before, after = text[max(0, found.start - 220) : found.start], text[found.end : found.end + 140]
        opens = max((match.end() for match in SENTENCE_END.finditer(before)), default=0)
        closes = next((match.start() for match in SENTENCE_END.finditer(after)), len(after))
        score = _score(fold(before[opens:]), fold(after[:closes]), asked, found, secret=secret)
        if score > 0:
            yield score, found


def _score(before: str, after: str, asked: str, found: Duration, *, secret: bool) -> float:
    """How well the sentence around a duration says that it is the one asked for."""
    around = f"{before} {after}"
    near = f"{before[-_NEAR:]} {after[:_NEAR]}"
    if asked == "notice":
        if not _NOTICE.search(around):
            return 0.0
        score = 0.67 if _NOTICE.search(near) else 0.5
        score += 0.09 if _ENDING.search(around) else 0.0
        return score - (0.16 if _DURING_TRIAL.search(around) else 0.0) - (0.1 if _CURES.search(near) else 0.0)
    if asked == "payment":
        return 0.7 if _PAYMENT.search(around) and found.unit in ("day", "week", "month") else 0.0
    if asked == "secrecy":
        return _secrecy(around, near, found)
    if asked in _NAMED:
        opens = max(
            (other.end for other in find_durations(before)), default=0
        )  # what is before belongs to that one
        named = _NAMED[asked].search(f"{before[opens:][-110:]} {after[:90]}")
        return 0.7 if named and (asked == "cure" or not _NOTICE.search(near)) else 0.0
    lasts = found.anniversary or _LASTS.search(around) is not None
    bound = secret and _SECRECY.search(around) is not None and _OBLIGATION.search(around) is not None
    if not lasts or not (bound or _THIS.search(around)):
        return 0.0
    clause = before + " " + _CLAUSE_END.split(after)[0]
    score = 0.7
    if _SECRECY.search(clause):
        score += 0.04 if secret else -0.12
    score -= 0.25 if _OTHER.search(clause) else 0.0
    score -= 0.1 if _RENEWS.search(clause) else 0.0
    return score - (0.15 if found.unit == "day" else 0.0)


def _secrecy(around: str, near: str, found: Duration) -> float:
    if not _SECRECY.search(around) or not _DUTY.search(around) or found.unit == "day":
        return 0.0
    return 0.7 - (0.25 if _OTHER.search(near) else 0.0)
