"""Minutes of a meeting in German: who was there as a list in a line, what was decided in prose, tasks in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, text, thing
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    sitzungsdatum=day("Datum der Sitzung"),
    ort=text("Wo die Sitzung stattfand"),
    beginn=text("Uhrzeit"),
    ende=text("Uhrzeit"),
    leitung=text("Wer die Sitzung geleitet hat"),
    protokollfuehrung=text("Wer das Protokoll geführt hat"),
    naechste_sitzung=day("Termin der nächsten Sitzung"),
    aufgaben=many(
        "Aufgaben aus der Sitzung",
        aufgabe=text(),
        verantwortlich=text(),
        faellig_am=day("Bis wann"),
        status=text(enum=["offen", "in Arbeit", "erledigt"]),
    ),
)
_TASKS = (
    "Angebot für die Hallenbeleuchtung einholen",
    "Wartungsvertrag der Aufzüge kündigen",
    "Entwurf der Satzungsänderung verteilen",
    "Parkplatzkonzept mit der Gemeinde abstimmen und Rückmeldung an den Vorstand geben",
    "Mitgliederliste prüfen",
    "Termin mit dem Steuerberater vereinbaren",
)
_TALK = (
    "Der Kassenbericht wird vorgestellt und ohne Einwände angenommen.",
    "Über die neue Beitragsordnung wird ausführlich diskutiert; ein Beschluss wird vertagt.",
    "Die Rückmeldungen aus dem Sommerfest waren überwiegend gut, die Bewirtung soll größer werden.",
)


def _opening(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    draft.say(draft.left, 62, f"Protokoll der {rng.randint(2, 48)}. Vorstandssitzung", size=16, bold=True)
    leader, writer, *others = (voice.person() for _ in range(6))
    written = voice.day(draft.today, "{d}. {month} {y}")
    opened, closed = (
        f"{rng.randint(16, 18)}:{rng.choice((10, 30, 45))}",
        f"{rng.randint(19, 22)}:{rng.choice((15, 35, 50))}",
    )
    entries: list[tuple[str, Said]] = [
        ("Datum", Fact(written, "/sitzungsdatum", draft.today.isoformat())),
        (
            "Ort",
            Fact(
                rng.choice(("Vereinsheim, kleiner Saal", "Rathaus, Zimmer 204", "Besprechungsraum Nord")),
                "/ort",
            ),
        ),
        ("Sitzungsleitung", Fact(leader, "/leitung")),
        ("Protokoll", Fact(writer, "/protokollfuehrung")),
        ("Anwesend", ", ".join((leader, writer, *others[:2]))),
    ]
    if rng.random() < 0.6:
        entries.append(("Entschuldigt", others[3]))
    y = draft.labels(draft.left, 92, draft.left + 105, entries)
    return draft.prose(
        draft.left,
        y + 10,
        draft.right - draft.left,
        Fact(leader, "/leitung"),
        " eröffnet die Sitzung um ",
        Fact(opened, "/beginn"),
        " Uhr und stellt die Beschlussfähigkeit fest. Die Sitzung wird um ",
        Fact(closed, "/ende"),
        " Uhr geschlossen.",
    )


def _minutes(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "de", _SCHEMA, size=10.0)
    y = _opening(draft)
    for count, talk in enumerate(rng.sample(_TALK, 2), 1):
        draft.say(draft.left, y + 14, f"TOP {count}", bold=True)
        y = draft.prose(draft.left, y + 14 + draft.step, draft.right - draft.left, talk)
    draft.say(draft.left, y + 16, "Offene Punkte", bold=True)
    columns = [
        Column("Nr.", 0.07),
        Column("Was", 0.43),
        Column("Wer", 0.2),
        Column("Bis", 0.14),
        Column("Status", 0.16),
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("ruled", "lines", "zebra")))
    y = grid.head(y + 24)
    for row, task in enumerate(rng.sample(_TASKS, rng.randint(2, 6))):
        due, start = draft.later(5, 90), f"/aufgaben/{row}"
        told = rng.random() < 0.85
        cells: list[Said] = [
            f"{row + 1}",
            Fact(task, f"{start}/aufgabe"),
            Fact(draft.voice.person(), f"{start}/verantwortlich"),
            Fact(
                draft.voice.day(due, "{d:02}.{m:02}.{yy}") if told else "",
                f"{start}/faellig_am",
                due.isoformat(),
            ),
            Fact(rng.choice(("offen", "in Arbeit", "erledigt")), f"{start}/status"),
        ]
        y = draft.row(grid, y, cells)
    if rng.random() < 0.75:
        following = draft.later(20, 60)
        printed = draft.voice.day(following, "{d}. {month} {y}")
        fact = Fact(printed, "/naechste_sitzung", following.isoformat())
        draft.prose(draft.left, y + 24, 400, "Nächste Sitzung: ", fact, ", 18:00 Uhr")
    return draft.finish("minutes", at)


LAYOUTS = (Layout("minutes", "minutes", _minutes, group="fresh"),)
