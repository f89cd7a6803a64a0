"""A French school report: a teacher below each subject, marks under a heading of two levels, a judgement of several lines beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, required, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = required(
    thing(
        student=text("Name of the pupil"),
        birth_date=day(),
        school=text(),
        class_name=text("e.g. 4e B"),
        school_year=text("e.g. 2023-2024"),
        term=text("Trimester or semester as printed"),
        head_teacher=text("Professeur principal"),
        subjects=many(
            subject=text(),
            teacher=text(),
            average=number("The pupil's average out of 20"),
            class_average=number(),
            comment=text("Appréciation"),
        ),
        general_average=number("Moyenne générale de l'élève"),
        half_days_absent=whole(),
        times_late=whole(),
        council_comment=text("Appréciation globale du conseil de classe"),
        distinction=text(enum=["Félicitations", "Compliments", "Encouragements"]),
        rank_in_class=whole(),
    ),
    "student",
    "subjects",
)
_SUBJECTS = (
    "Français", "Mathématiques", "Histoire-Géographie", "Anglais LV1", "Espagnol LV2", "Sciences de la vie et de la Terre",
    "Physique-Chimie", "Éducation physique et sportive", "Technologie", "Arts plastiques",
)  # fmt: skip
_SAID = (
    "Des difficultés à l'écrit. Venez aux séances de soutien le mardi.",
    "Trop de bavardages qui nuisent à la concentration, c'est dommage au vu des capacités.",
    "Résultats convenables mais le travail à la maison reste irrégulier ; il faut approfondir les leçons.",
    "Ensemble satisfaisant.",
    "Bon trimestre, participation régulière.",
    "Excellent travail, continuez ainsi !",
)
"""From the worst to the best."""
_SCHOOLS = (
    "Collège Jean Giono",
    "Collège des Trois Rivières",
    "Lycée Marguerite Yourcenar",
    "Collège Saint-Exupéry",
)
_LEFT, _MARK, _CLASS, _TEXT = 0.0, 190.0, 235.0, 262.0


def _head(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    year = draft.today.year - (draft.today.month < 8)
    y = draft.lines(
        draft.left, 50, Fact(rng.choice(_SCHOOLS), "/school"), *voice.homes(1)[0].line.split(", ")
    )
    period = rng.choice(("1er trimestre", "2e trimestre", "3e trimestre", "1er semestre"))
    title: list[Said] = ["BULLETIN DU ", Fact(period.upper(), "/term")]
    draft.prose(draft.sheet.width / 2, y + 14, ONE_LINE, *title, bold=True, size=13, align="centre")
    span: list[Said] = ["Année scolaire ", Fact(f"{year}{rng.choice(('-', '/'))}{year + 1}", "/school_year")]
    draft.prose(draft.right, 50, ONE_LINE, *span, align="right", size=8.5)
    first, last = voice.person().split(" ", 1)
    name = rng.choice((f"{last.upper()} {first}", f"{first} {last}"))
    y = draft.prose(
        draft.left,
        y + 40,
        ONE_LINE,
        rng.choice(("Élève : ", "", "Nom et prénom : ")),
        Fact(name, "/student"),
        bold=True,
    )
    if rng.random() < 0.7:
        born = dated(draft, draft.later(-5900, -4000), "/birth_date", "{d:02}/{m:02}/{y}")
        y = draft.prose(draft.left, y, ONE_LINE, rng.choice(("Né(e) le ", "Née le : ")), born)
    group = Fact(f"{rng.choice(('6e', '5e', '4e', '3e'))} {rng.choice('ABCD')}", "/class_name")
    parts: list[Said] = ["Classe : ", group, f"     Effectif : {rng.randint(19, 33)}"]
    if rng.random() < 0.7:
        parts += [
            "     Professeur principal : ",
            Fact(rng.choice(("Mme ", "M. ")) + last_name(draft), "/head_teacher"),
        ]
    return draft.prose(draft.left, y, ONE_LINE, *parts) + 16


def last_name(draft: Draft) -> str:
    """A family name alone."""
    return draft.voice.person().split(" ", 1)[1]


def _headings(draft: Draft, y: float) -> float:
    sheet, left = draft.sheet, draft.left
    sheet.shade(left, y - 10, draft.right - left, 27)
    draft.say(left + 4, y, "Matières", bold=True)
    draft.say(left + 4, y + 11, "Professeurs", size=7.5)
    draft.say(left + 205, y, "Moyennes", bold=True, align="centre", size=8)
    draft.say(left + _MARK, y + 11, "Élève", align="right", size=8)
    draft.say(left + _CLASS, y + 11, "Classe", align="right", size=8)
    draft.say(left + _TEXT, y + 6, draft.rng.choice(("Appréciations", "Progrès, conseils")), bold=True)
    return y + 30


def _subject(draft: Draft, y: float, row: int, name: str, *, ruled: bool) -> tuple[float, float | None]:
    rng, start, small = draft.rng, f"/subjects/{row}", draft.sheet.size - 1
    top, mark = y, None if rng.random() < 0.08 else round(rng.uniform(5, 19.5), rng.choice((1, 2)))
    lower = draft.prose(draft.left + 4, y, 140, Fact(name, f"{start}/subject"), bold=True)
    teacher = Fact(f"{rng.choice(('Mme', 'M.'))} {last_name(draft)}", f"{start}/teacher")
    lower = draft.prose(draft.left + 4, lower, ONE_LINE, teacher, size=small)
    if mark is None:
        draft.say(draft.left + _MARK, y, rng.choice(("Abs", "N.Not", "-")), align="right")
    else:
        draft.say(draft.left + _MARK, y, worth(draft, mark, f"{start}/average"), align="right", bold=True)
    shared = round(rng.uniform(9, 14.5), 2)
    draft.say(draft.left + _CLASS, y, worth(draft, shared, f"{start}/class_average"), align="right")
    said = _SAID[int((shared if mark is None else mark) / 20 * len(_SAID))] if rng.random() < 0.9 else ""
    beside = draft.prose(
        draft.left + _TEXT,
        y,
        draft.right - draft.left - _TEXT - 4,
        Fact(said, f"{start}/comment"),
        size=small,
    )
    y = max(lower, beside) + 6
    if ruled:
        draft.sheet.frame(draft.left, top - 11, draft.right - draft.left, y - top)
        for x in (150.0, 196.0, 246.0):
            draft.sheet.line(draft.left + x, top - 11, draft.left + x, y - 11)
    else:
        draft.sheet.line(draft.left, y - 11, draft.right, y - 11, width=0.3)
    return y, mark


def _card(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "fr", _SCHEMA, size=9.0)
    draft.left = 44.0
    y, marks, ruled = _headings(draft, _head(draft)), [], rng.random() < 0.5
    for row, name in enumerate(rng.sample(_SUBJECTS, rng.randint(4, len(_SUBJECTS)))):
        y, mark = _subject(draft, y, row, name, ruled=ruled)
        marks += [mark] if mark is not None else []
    if marks and rng.random() < 0.75:
        mean = round(sum(marks) / len(marks), 2)
        draft.say(draft.left + 4, y + 2, "Moyenne générale", bold=True)
        draft.say(draft.left + _MARK, y + 2, worth(draft, mean, "/general_average"), bold=True, align="right")
        draft.say(draft.left + _CLASS, y + 2, draft.voice.number(rng.uniform(10, 13)), align="right")
        y += 16
    away, late = rng.randint(0, 14), rng.randint(0, 9)
    parts: list[Said] = [
        "Vie scolaire : ",
        Fact(str(away), "/half_days_absent", away),
        " demi-journée(s) d'absence, dont ",
    ]
    parts.append(f"{away // 2} non justifiée(s) - ")
    y = (
        draft.prose(draft.left, y + 8, ONE_LINE, *parts, Fact(str(late), "/times_late", late), " retard(s)")
        + 8
    )
    draft.say(draft.left, y, "Appréciation globale du conseil de classe", bold=True)
    y = draft.prose(draft.left, y + 13, draft.right - draft.left, Fact(rng.choice(_SAID), "/council_comment"))
    if rng.random() < 0.5:
        prize = Fact(rng.choice(("Félicitations", "Compliments", "Encouragements")), "/distinction")
        y = draft.prose(draft.left, y + 4, ONE_LINE, "Mention du conseil : ", prize)
    draft.say(draft.right, y + 20, "Le chef d'établissement", align="right")
    draft.say(
        draft.left,
        draft.sheet.height - 24,
        "Document à conserver : aucun duplicata ne sera délivré.",
        size=7,
        grey=True,
    )
    return draft.finish("report_card", at)


LAYOUTS = (Layout("report_card", "school", _card, group="fresh"),)
