"""A German waybill for road freight: numbered boxes, each with a small heading and some lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_PARTY = {"name": text(), "anschrift": text("Straße und Ort")}
_SCHEMA = thing(
    frachtbriefnummer=text("CMR-Nummer"),
    absender=thing("Wer die Ware versendet", **_PARTY),
    empfaenger=thing("Wer die Ware bekommt", **_PARTY),
    frachtfuehrer=text("Name des Frachtführers"),
    kennzeichen=text("Amtliches Kennzeichen des Lkw"),
    ablieferungsort=text(),
    uebernahmeort=text(),
    uebernahmedatum=day("Tag der Übernahme"),
    frankatur=text(enum=["frei", "unfrei"]),
    packstuecke=many(
        zeichen=text("Kennzeichen und Nummern"),
        anzahl=whole(),
        verpackung=text("Art der Verpackung"),
        bezeichnung=text("Bezeichnung des Gutes"),
        bruttogewicht_kg=number(),
        volumen_m3=number("Umfang in m³"),
    ),
    nachnahme=number("Nachnahmebetrag, falls eingetragen"),
    ausgestellt_am=day(),
)
_WARES = (
    "Maschinenteile",
    "Papierrollen",
    "Fruchtsaft in Flaschen",
    "Dämmstoffplatten",
    "Ersatzteile",
    "Farben, UN 1263",
)
_PACKS = ("Europaletten", "Kartons", "Gitterboxen", "Fässer", "Kisten")


def _box(draft: Draft, x: float, y: float, w: float, h: float, count: int, heading: str) -> None:
    draft.sheet.frame(x, y, w, h)
    draft.say(x + 3, y + 8, f"{count}", size=6.5, bold=True)
    draft.say(x + 14, y + 8, heading, size=6.5)


def _parties(draft: Draft) -> None:
    rng, voice, x, half = draft.rng, draft.voice, draft.left, (draft.right - draft.left) / 2
    firms, homes, form = voice.companies(3), voice.homes(3), "{d:02}.{m:02}.{y}"
    _box(draft, x, 70, half, 66, 1, "Absender (Name, Anschrift, Land)")
    draft.say(x + 8, 92, Fact(firms[0], "/absender/name"))
    draft.block(x + 8, 92 + draft.step, (homes[0].street, f"D-{homes[0].town}"), "/absender/anschrift")
    _box(draft, x, 136, half, 66, 2, "Empfänger (Name, Anschrift, Land)")
    draft.say(x + 8, 158, Fact(firms[1], "/empfaenger/name"))
    draft.block(x + 8, 158 + draft.step, (homes[1].street, f"D-{homes[1].town}"), "/empfaenger/anschrift")
    draft.say(x + half + 10, 58, "INTERNATIONALER FRACHTBRIEF", bold=True)
    draft.say(
        draft.right - 4, 58, Fact(f"DE {voice.digits(6)}", "/frachtbriefnummer"), align="right", bold=True
    )
    _box(draft, x + half, 70, half, 66, 16, "Frachtführer (Name, Anschrift, Land)")
    draft.say(x + half + 8, 92, Fact(firms[2], "/frachtfuehrer"))
    draft.lines(x + half + 8, 92 + draft.step, homes[2].street, f"D-{homes[2].town}")
    _box(draft, x + half, 136, half, 66, 17, "Amtl. Kennzeichen Lkw / Anhänger")
    if rng.random() < 0.8:
        plate = f"{rng.choice(('KI', 'UL', 'MD', 'MS'))}-{rng.choice('ABKLT')}{rng.choice('XYZ')} {voice.digits(3)}"
        draft.say(x + half + 8, 160, Fact(plate, "/kennzeichen"))
    _box(draft, x, 202, half, 40, 3, "Auslieferungsort des Gutes")
    draft.say(x + 8, 226, Fact(homes[1].town.split(" ", 1)[1], "/ablieferungsort"))
    taken = draft.later(0, 4)
    _box(draft, x, 242, half, 40, 4, "Ort und Tag der Übernahme des Gutes")
    said: list[Said] = [Fact(homes[0].town.split(" ", 1)[1], "/uebernahmeort"), ", "]
    said.append(Fact(voice.day(taken, form), "/uebernahmedatum", taken.isoformat()))
    draft.prose(x + 8, 266, half - 10, *said)
    _box(draft, x + half, 202, half, 40, 18, "Vorbehalte und Bemerkungen der Frachtführer")
    _box(draft, x + half, 242, half, 40, 5, "Beigefügte Dokumente")
    draft.say(x + half + 8, 266, f"Lieferschein {voice.digits(7)}")


def _goods(draft: Draft) -> float:
    rng, voice, x, width = draft.rng, draft.voice, draft.left, draft.right - draft.left
    _box(draft, x, 282, width, 150, 6, "Kennzeichen u. Nummern")
    tabs = ((105, 7, "Anzahl"), (150, 8, "Verpackung"), (235, 9, "Bezeichnung des Gutes"))
    for left, count, heading in (*tabs, (370, 11, "Bruttogew. kg"), (440, 12, "Umfang m³")):
        draft.say(x + left - 11, 290, str(count), size=6.5, bold=True)
        draft.say(x + left, 290, heading, size=6.5)
    y = 308.0
    for row in range(rng.randint(1, 5)):
        start, count = f"/packstuecke/{row}", rng.randint(1, 34)
        weight, room = rng.randint(200, 99000) / 10, rng.randint(2, 300) / 10
        draft.say(x + 8, y, Fact(f"{voice.digits(4)}/{row + 1}", f"{start}/zeichen"))
        draft.say(x + 125, y, Fact(str(count), f"{start}/anzahl", count), align="right")
        draft.say(x + 150, y, Fact(rng.choice(_PACKS), f"{start}/verpackung"))
        draft.say(x + 235, y, Fact(rng.choice(_WARES), f"{start}/bezeichnung"))
        draft.say(
            x + 425, y, Fact(voice.number(weight, 1), f"{start}/bruttogewicht_kg", weight), align="right"
        )
        if rng.random() < 0.8:
            draft.say(x + 480, y, Fact(voice.number(room, 1), f"{start}/volumen_m3", room), align="right")
        y += draft.step * 1.3
    return 432.0


def _waybill(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "de", _SCHEMA, size=9.0)
    _parties(draft)
    voice, x, half, y = draft.voice, draft.left, (draft.right - draft.left) / 2, _goods(draft)
    _box(draft, x, y, half, 44, 14, "Frachtzahlungsanweisung")
    if rng.random() < 0.8:
        draft.say(x + 8, y + 28, "Frachtzahlung:")
        draft.say(x + 80, y + 28, Fact(rng.choice(("frei", "unfrei")), "/frankatur"))
    _box(draft, x + half, y, half, 44, 15, "Rückerstattung (Nachnahme)")
    if rng.random() < 0.5:
        owed = draft.amount(80, 4000)
        draft.say(x + half + 8, y + 28, Fact(f"{voice.number(owed)} EUR", "/nachnahme", owed))
    y += 44
    _box(draft, x, y, 2 * half, 40, 21, "Ausgefertigt in / am")
    town = draft.say(x + 8, y + 26, voice.homes(1)[0].town.split(" ", 1)[1])
    printed = Fact(voice.day(draft.today, "{d:02}.{m:02}.{y}"), "/ausgestellt_am", draft.today.isoformat())
    draft.say(town.x1 + 40, y + 26, printed)
    for count, heading in enumerate(
        ("Unterschrift und Stempel des Absenders", "des Frachtführers", "des Empfängers")
    ):
        _box(draft, x + count * half * 2 / 3, y + 40, half * 2 / 3, 60, 22 + count, heading)
    return draft.finish("held-out", at)


LAYOUTS = (Layout("waybill", "freight", _waybill, group="held-out"),)
