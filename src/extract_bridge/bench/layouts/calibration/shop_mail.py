"""A Portuguese web shop's mail that an order has left, as an HTML page: nested tables, prices beside pictures, discounts, an address over lines, tracking in a link."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    loja=text(),
    nEncomenda=text("Número da encomenda"),
    dataEncomenda=day(),
    cliente=text(),
    moradaEntrega=thing("", rua=text(), localidade=text("Código postal e localidade")),
    transportadora=text(),
    codigoSeguimento=text(),
    entregaPrevista=day(),
    produtos=many(nome=text(), cor=text(), quantidade=whole(), preco=number("Valor da linha")),
    subtotal=number(),
    portes=number(),
    desconto=number("Valor positivo"),
    total=number(),
    metodoPagamento=text(),
    numeroFatura=text(),
    pontoRecolha=text(),
)
_GOODS = (
    "Manta de lã Serra",
    "Caneca grés 35 cl",
    "Azulejo 15x15 (caixa 12)",
    "Candeeiro de mesa Farol",
    "Cesto de junco",
    "Toalha de praia Nazaré",
)
_HUES = ("cru", "azul-petróleo", "verde", "terracota")
_FORMS = ("{d:02}/{m:02}/{y}", "{d} de {month} de {y}", "{y}-{m:02}-{d:02}")


def _goods(draft: Draft) -> tuple[list[str], float]:
    """A row for each article, its colour and number in the same cell or in cells of their own."""
    rng, total, rows, folded = draft.rng, 0.0, [], draft.rng.random() < 0.5
    if not folded:
        rows.append("<tr><th></th><th>Artigo</th><th>Cor</th><th>Qtd.</th><th>Preço</th></tr>")
    for row, name in enumerate(rng.sample(_GOODS, rng.randint(1, 5))):
        at, count = f"/produtos/{row}", rng.choice((1, 1, 2, 4))
        value = round(count * draft.amount(4, 70), 2)
        ware, amount = (
            draft.tell(Fact(name, f"{at}/nome")),
            draft.tell(worth(draft, value, f"{at}/preco", "{} €")),
        )
        pieces = draft.tell(Fact(str(count), f"{at}/quantidade", count))
        hue = draft.tell(Fact(rng.choice(_HUES), f"{at}/cor")) if rng.random() < 0.7 else ""
        picture = f'<td><img src="cid:p{row}" alt=""></td>'
        if folded:
            said = f"<b>{escape(ware)}</b>" + (f"<br>Cor: {hue}" if hue else "") + f"<br>Quantidade: {pieces}"
            rows.append(f'<tr>{picture}<td>{said}</td><td align="right">{amount}</td></tr>')
        else:
            rows.append(
                f"<tr>{picture}<td>{escape(ware)}</td><td>{hue}</td><td>{pieces}</td><td>{amount}</td></tr>"
            )
        total += value
    return rows, round(total, 2)


def _sums(draft: Draft, total: float) -> list[str]:
    rng = draft.rng
    cut = round(total * 0.1, 2) if rng.random() < 0.5 else 0.0
    carriage = rng.choice((0.0, 3.9, 5.5))
    lines = [("Subtotal", draft.tell(worth(draft, total, "/subtotal", "{} €")))]
    if cut:
        lines.append(("Desconto OUTONO10", draft.tell(worth(draft, cut, "/desconto", "-{} €"))))
    lines.append(
        ("Portes de envio", draft.tell(worth(draft, carriage, "/portes", "{} €")) if carriage else "Grátis")
    )
    lines.append(
        ("Total (IVA incluído)", draft.tell(worth(draft, round(total - cut + carriage, 2), "/total", "{} €")))
    )
    return [f'<tr><td colspan="2">{label}</td><td align="right">{value}</td></tr>' for label, value in lines]


def _mail(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "pt", _SCHEMA)
    voice, form = draft.voice, rng.choice(_FORMS)
    shop = draft.tell(Fact(rng.choice(("Casa do Junco", "Loja Maré Alta", "Olaria Nova Online")), "/loja"))
    who, home = draft.tell(Fact(voice.person(), "/cliente")), voice.homes(1)[0]
    code = draft.tell(Fact(rng.choice((f"#{voice.digits(5)}", f"PT{voice.digits(8)}")), "/nEncomenda"))
    ordered = draft.tell(dated(draft, draft.today, "/dataEncomenda", form))
    rows, total = _goods(draft)
    said: list[Said] = [
        "A encomenda foi entregue à ",
        Fact(rng.choice(("CTT Expresso", "DPD", "Nacex")), "/transportadora"),
    ]
    if rng.random() < 0.75:
        said += [
            " com o código ",
            Fact(f"{rng.choice(('DA', 'EA'))}{voice.digits(9)}PT", "/codigoSeguimento"),
        ]
    if rng.random() < 0.75:
        said += [". Entrega prevista: ", dated(draft, draft.later(3, 9), "/entregaPrevista", form)]
    sent = draft.tell(*said, ".")
    street, town = (
        draft.tell(Fact(home.street, "/moradaEntrega/rua")),
        draft.tell(Fact(home.town, "/moradaEntrega/localidade")),
    )
    paid = draft.tell("Pagamento: ", Fact(rng.choice(("Multibanco", "MB WAY", "PayPal")), "/metodoPagamento"))
    bill = (
        draft.tell("Fatura ", Fact(f"FT {draft.today.year}/{voice.digits(4)}", "/numeroFatura"))
        if rng.random() < 0.6
        else ""
    )
    body = [
        f"<h1>{escape(shop)}</h1><p>Olá {escape(who.split(' ')[0])}, boas notícias!</p>", f"<p>{escape(sent)}</p>",
        f"<table><tr><td>Encomenda</td><td>{code}</td></tr><tr><td>Data</td><td>{ordered}</td></tr></table>" if rng.random() < 0.5 else f"<p>Encomenda <b>{code}</b> de {ordered}</p>",
        f"<table>{''.join(rows)}{''.join(_sums(draft, total))}</table>",
        f"<table><tr><td><b>Entrega</b><br>{escape(who)}<br>{escape(street)}<br>{escape(town)}</td><td>{paid}<br>{bill}</td></tr></table>",
        "<p><small>Tem 14 dias para devolver. Apoio: 210 000 000, dias úteis das 9h às 18h. Recebeu este e-mail porque comprou em 2 ocasiões.</small></p>",
    ]  # fmt: skip
    page = f'<!doctype html><html lang="pt"><head><meta charset="utf-8"><title>A sua encomenda</title></head><body>{"".join(body)}</body></html>'
    return draft.finish("calibration", at, suffix="html", written=page.encode())


LAYOUTS = (Layout("shop_mail", "dispatch", _mail, group="calibration"),)
