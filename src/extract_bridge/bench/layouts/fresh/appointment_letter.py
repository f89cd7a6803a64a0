"""A Portuguese hospital's letter that calls somebody in: when and where stands in a sentence or in a frame, beside a visit that was called off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    utente=thing(nome=text("Nome do doente"), numero=text("Número de utente"), data_nascimento=day()),
    hospital=text(),
    data_carta=day("Data em que a carta foi escrita"),
    consulta=thing(
        "A consulta que fica marcada",
        especialidade=text(),
        data=day(),
        hora=text("Hora da consulta, como está escrita"),
        medico=text("Nome do médico, sem título"),
        local=text("Piso, edifício ou gabinete"),
    ),
    consulta_anterior=day("Data da consulta que foi desmarcada"),
    motivo_alteracao=text(),
    telefone_contacto=text("Para alterar ou desmarcar a consulta"),
    taxa=number("Taxa a pagar, em euros"),
    seguro=text("Nome da seguradora"),
)
_HOUSES = (
    "Hospital de Santa Marta do Norte, E.P.E.",
    "Centro Hospitalar do Vale",
    "Clínica da Boavista, Lda.",
)
_FIELDS = ("Cardiologia", "Ortopedia", "Oftalmologia", "Medicina Interna", "Otorrinolaringologia")
_PLACES = ("Edifício B, piso 2, gabinete 14", "Consulta Externa, piso 0", "piso 3, sala 7", "Gabinete 21")
_WHY = ("indisponibilidade do médico", "obras no serviço", "reorganização da agenda")
_NEEDS = (
    "Traga os exames e a lista dos medicamentos que toma.",
    "Deve apresentar-se 15 minutos antes da hora marcada, munido do cartão de cidadão.",
    "Esteja em jejum de 6 horas.",
)
_LONG, _SHORT = "{d} de {month} de {y}", "{d:02}/{m:02}/{y}"


def _head(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    house = rng.choice(_HOUSES)
    centred = rng.random() < 0.5
    x = draft.sheet.width / 2 if centred else draft.left
    draft.say(x, 56, Fact(house, "/hospital"), bold=True, size=13, align="centre" if centred else "left")
    town = voice.homes(1)[0].town.split(" ", 1)[1]
    letter_date: list[Said] = [f"{town}, ", dated(draft, draft.today, "/data_carta", _LONG)]
    home, name = voice.homes(1)[0], voice.person()
    polite = rng.choice(("Exmo.(a) Sr.(a)", "Ao cuidado de"))
    y = draft.lines(draft.left + 270, 100, polite, Fact(name, "/utente/nome"), home.street, home.town) + 14
    entries: list[tuple[str, Said]] = [("N.º de utente:", Fact(voice.digits(9), "/utente/numero"))]
    if rng.random() < 0.6:
        born = draft.later(-30000, -2000)
        entries.append(("Data de nasc.:", dated(draft, born, "/utente/data_nascimento", _SHORT)))
    entries.append(("N/ Ref.ª:", f"CE/{voice.digits(4)}/{draft.today.year}"))
    rng.shuffle(entries)
    draft.labels(draft.left, 100, draft.left + 92, entries)
    if rng.random() < 0.6:
        return draft.prose(draft.right, y, ONE_LINE, *letter_date, align="right") + 16
    return draft.prose(draft.left, y, ONE_LINE, *letter_date) + 16


def _visit(draft: Draft, y: float) -> float:
    """The visit in a sentence, or in a frame with a label to each line."""
    rng, width = draft.rng, draft.right - draft.left
    when = draft.later(6, 120)
    when += timedelta(days=2 if when.weekday() > 4 else 0)
    form = rng.choice((_LONG, _SHORT))
    clock = f"{rng.randint(8, 18):02}:{rng.choice(('00', '15', '30', '45'))}"
    field = Fact(rng.choice(_FIELDS), "/consulta/especialidade")
    date_of = dated(draft, when, "/consulta/data", form)
    hour = Fact(clock if rng.random() < 0.6 else clock.replace(":", "h"), "/consulta/hora")
    doctor, place = (
        Fact(draft.voice.person(), "/consulta/medico"),
        Fact(rng.choice(_PLACES), "/consulta/local"),
    )
    with_doctor = rng.random() < 0.75
    week = ("segunda", "terça", "quarta", "quinta", "sexta")[when.weekday()]
    if rng.random() < 0.5:
        parts: list[Said] = [
            "Informamos V. Ex.ª de que tem consulta de ",
            field,
            " marcada para o dia ",
            date_of,
        ]
        parts += [f" ({week}-feira), às ", hour]
        parts += [", com o(a) Dr.(a) ", doctor] if with_doctor else []
        return draft.prose(draft.left, y, width, *parts, ", em ", place, ".") + 10
    y = (
        draft.prose(draft.left, y, width, "Serve a presente para confirmar a marcação da seguinte consulta:")
        + 14
    )
    rows: list[tuple[str, Said]] = [
        ("Especialidade", field),
        ("Data", date_of),
        ("Hora", hour),
        ("Local", place),
    ]
    if with_doctor:
        rows.insert(1, ("Médico(a)", doctor))
    draft.sheet.frame(draft.left + 30, y - 14, width - 60, draft.step * len(rows) + 12)
    return draft.labels(draft.left + 42, y, draft.left + 140, rows) + 18


def _letter(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "pt", _SCHEMA, size=10.5)
    draft.left = 64.0
    y, width = _head(draft), draft.right - draft.left
    y = (
        draft.prose(
            draft.left,
            y,
            width,
            rng.choice(("Assunto: Marcação de consulta", "ASSUNTO: CONSULTA EXTERNA")),
            bold=True,
        )
        + 10
    )
    y = _visit(draft, y)
    if rng.random() < 0.45:
        before = dated(draft, draft.later(-20, 5), "/consulta_anterior", rng.choice((_LONG, _SHORT)))
        why = Fact(rng.choice(_WHY), "/motivo_alteracao")
        y = (
            draft.prose(
                draft.left,
                y,
                width,
                "A consulta anteriormente agendada para ",
                before,
                " fica sem efeito por ",
                why,
                ".",
            )
            + 8
        )
    y = draft.prose(draft.left, y, width, " ".join(rng.sample(_NEEDS, rng.randint(1, 3)))) + 8
    if rng.random() < 0.5:
        fee = worth(draft, rng.choice((4.5, 7.0, 14.0, 35.0)), "/taxa", "{} €")
        y = (
            draft.prose(
                draft.left,
                y,
                width,
                "A taxa da consulta, no valor de ",
                fee,
                ", pode ser paga no balcão ou por multibanco.",
            )
            + 8
        )
    phone = Fact(
        f"2{rng.randint(10, 99)} {draft.voice.digits(3)} {draft.voice.digits(3)}", "/telefone_contacto"
    )
    y = draft.prose(
        draft.left,
        y,
        width,
        "Se não puder comparecer, contacte-nos através do telefone ",
        phone,
        ", nos dias úteis das 9h00 às 16h30.",
    )
    draft.lines(
        draft.left,
        y + 24,
        "Com os melhores cumprimentos,",
        "",
        draft.voice.person(),
        "Serviço de Gestão de Utentes",
    )
    draft.say(
        draft.left,
        draft.sheet.height - 44,
        f"Tel. geral 2{draft.voice.digits(8)} · www.hospital.example",
        size=7.5,
        grey=True,
    )
    return draft.finish("appointment_letter", at)


LAYOUTS = (Layout("appointment_letter", "appointment", _letter, group="fresh"),)
