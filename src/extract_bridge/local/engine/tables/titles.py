"""What stands over a table as its title, and whether that names a list of the schema."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from extract_bridge.local.engine.tables.match import column_of, properties_of, shared_words
from extract_bridge.local.engine.text import LABEL_PIECE, canonical, fold, label_tokens
from extract_bridge.parse.columns import is_numeric

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract_bridge.parse.lines import Line
    from extract_bridge.parse.model import Table, Word

_LINES, _NEAR = 3, 4.0  # lines over a table, and how many font sizes a title may be away from it
_LONGEST = 8  # words
NAMED = 0.5
"""From here on a title names a list."""
_SAME_LIST, _ALIKE = 0.95, 0.9  # less than the list's own name

_LISTS = """
earnings|gross pay|wages|pay|bezuge|lohn|gehalt|vergutung|gains|remuneration|salaire|looncomponenten|loon|devengos
percepciones|competenze|retribuzione|vencimentos|remuneracoes|wynagrodzenie|skladniki wynagrodzenia

deductions|withholdings|abzuge|retenues|cotisations|inhoudingen|deducciones|trattenute|ritenute|descontos|potracenia|skladki

assets|aktiva|vermogen|actif|activa|activo|activos|attivo|attivita|ativo|aktywa

liabilities|equity and liabilities|liabilities and equity|passiva|schulden|passif|pasivo|pasivos|passivo|passivita|pasywa

income|receipts|revenue|revenues|einnahmen|ertrage|erlose|recettes|produits|inkomsten|ontvangsten|baten|ingresos|entrate
ricavi|receitas|przychody|wplywy

expenses|expenditure|costs|ausgaben|aufwendungen|kosten|depenses|charges|uitgaven|lasten|gastos|egresos|uscite|spese|costi
despesas|koszty|wydatki

payments|payment history|zahlungen|paiements|reglements|betalingen|pagos|pagamenti|pagamentos|platnosci|wplaty

payments in|money in|deposits|credits|paid in|gutschriften|eingange|credits recus|bijschrijvingen|abonos|accrediti|entradas

payments out|money out|withdrawals|debits|paid out|belastungen|ausgange|afschrijvingen|cargos|addebiti|saidas

experience|work experience|work history|employment|employment history|professional experience|career history|jobs
berufserfahrung|beruflicher werdegang|berufspraxis|experience professionnelle|experiences professionnelles
parcours professionnel|werkervaring|experiencia|experiencia laboral|experiencia profesional|esperienza
esperienza professionale|esperienze lavorative|experiencia profissional|doswiadczenie|doswiadczenie zawodowe

education|academic background|education and training|studies|ausbildung|bildung|bildungsweg|schulbildung|studium|formation
formations|etudes|diplomes|opleiding|opleidingen|educacion|formacion|formacion academica|estudios|istruzione|formazione
educacao|formacao|wyksztalcenie|edukacja

skills|technical skills|competencies|kenntnisse|fahigkeiten|kompetenzen|competences|vaardigheden|competencias|habilidades
competenze|umiejetnosci

languages|language skills|sprachen|sprachkenntnisse|langues|talen|talenkennis|idiomas|lingue|linguas|jezyki

certifications|certificates|licenses|zertifikate|zertifizierungen|certificats|certificaten|certificaciones|certificazioni
certyfikaty

publications|veroffentlichungen|publikationen|publicaties|publicaciones|pubblicazioni|publicacoes|publikacje

projects|projekte|projets|projecten|proyectos|progetti|projetos|projekty

references|referenzen|referenties|referencias|referenze

participants|attendees|attendance|present|teilnehmer|anwesende|participants presents|presents|aanwezigen|deelnemers
asistentes|partecipanti|presenti|participantes|uczestnicy|obecni

tasks|open points|open items|open issues|offene punkte|points ouverts|openstaande punten|puntos pendientes|pendientes|punti aperti|action items|actions|to do|todos|aufgaben|massnahmen|taches|acties|actiepunten|tareas|acciones|attivita da svolgere
tarefas|zadania

agenda|schedule|programme|program|timetable|tagesordnung|programm|zeitplan|ordre du jour|programma|orden del dia|programa
ordine del giorno|harmonogram

taxes|tax summary|vat summary|vat breakdown|steuern|steueraufstellung|taxes et tva|ventilation tva|btw specificatie|impuestos
desglose de impuestos|imposte|riepilogo iva|impostos|podatki|zestawienie vat

contacts|contact persons|ansprechpartner|kontakte|interlocuteurs|contactpersonen|contactos|contatti|kontakty

ingredients|zutaten|ingredienten|ingredientes|ingredienti|skladniki
"""
"""Lists that documents of many kinds have, each in the words of several languages."""


def title_over(lines: Sequence[Line], table: Table) -> str:
    """The title of a table as text; see `words_over`."""
    return " ".join(word.text for word in words_over(lines, table))


def words_over(lines: Sequence[Line], table: Table) -> tuple[Word, ...]:
    """The nearest text over a table, where it is the only one over its width; empty where there is none.

    Args:
        lines: The lines of its page.
        table: The table.
    """
    words = [word for row in table.rows for cell in row for word in cell.words]
    if not words:
        return ()
    left, right, top = min(w.x0 for w in words), max(w.x1 for w in words), min(w.y0 for w in words)
    over = [line for line in lines if line.y1 <= top + 1.0][-_LINES:]
    for line in reversed(over):
        pieces = [piece for piece in line.segments if piece.x1 > left and piece.x0 < right]
        if not pieces:
            continue
        text = pieces[0].text
        near = top - line.y1 <= _NEAR * line.size
        if len(pieces) == 1 and near and not is_numeric(text) and len(pieces[0].words) <= _LONGEST:
            return pieces[0].words
        return ()
    return ()


def names_list(title: str, name: str, description: str | None = None) -> float:
    """How well a title names a list of the schema, 0..1.

    Args:
        title: What stands over a table.
        name: The list's, in words.
        description: What the schema says about it.
    """
    if not label_tokens(title):
        return 0.0
    if _key(title) == _key(name):
        return 1.0
    prop, *_ = properties_of({"properties": {name: {"type": "string", "description": description or ""}}})
    if _lists(prop.phrases) & _lists((title,)):
        return _SAME_LIST
    # What the description says beside is said of the rows rather than of their title.
    return _ALIKE * shared_words(replace(prop, extra=()), column_of(title, []), {})


def _lists(phrases: Iterable[str]) -> set[int]:
    return {at for phrase in phrases for at in _index().get(_key(phrase), ())}


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[int, ...]]:
    index: dict[str, tuple[int, ...]] = {}
    for at, phrases in enumerate(_LISTS.split("\n\n")):
        for phrase in re.split(r"[|\n]", phrases.strip()):
            index[_key(phrase)] = (*index.get(_key(phrase), ()), at)
    return index


def _key(text: str) -> str:
    """All words of a text, the small ones too: payments in are no payments out."""
    return " ".join(canonical(word) for word in LABEL_PIECE.findall(fold(text)))
