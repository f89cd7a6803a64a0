# ruff: noqa: RUF001 - the quotes that contracts print are matched as they are
"""What contracts state in set phrases: parties, roles, law, how long. The agreements are made up here."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract_bridge.local.engine.durations import asks_duration, find_durations, ranked_durations
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.laws import find_laws
from extract_bridge.local.engine.wanted import describe
from extract_bridge.parse.open import parse_document

STRING, DATE = {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date"}
PARTIES = {"type": "array", "items": {"type": "string"}, "description": "Names of the contracting parties"}
PADDING = "The parties wish to work together as is set out in the pages that follow this one. " * 6


def read(tmp_path, text, **properties):
    stored = tmp_path / "stored"
    stored.write_text(text + "\n" + PADDING, encoding="utf-8")
    schema = {"type": "object", "properties": properties}
    [record] = RulesEngine().extract(
        parse_document(stored, name="made.txt"), ExtractRequest(data_schema=schema)
    )
    return record.data


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("governed by and construed in accordance with the laws of the State of Maine, without regard to", ["Maine"]),
        ("SHALL BE GOVERNED BY THE LAW OF THE STATE OF NEW HAMPSHIRE WITHOUT REGARD TO CONFLICTS", ["NEW HAMPSHIRE"]),
        ("governed by the laws of the United States of America, State of Oregon.", ["Oregon"]),
        ("governed by the laws of the United States of America.", ["United States of America"]),
        ("The laws of the State of Ohio (other than its conflict rules) shall govern this Agreement.", ["Ohio"]),
        ("governed by, and construed under, the internal laws, and not those of conflicts, of the State of Utah.", ["Utah"]),
        ("governed by the laws (without giving effect to the conflict principles thereof) of Iowa", ["Iowa"]),
        ("Vermont law shall govern this letter.", ["Vermont"]),
        ("This letter agreement is governed by the laws of England and Wales.", ["England and Wales"]),
        ("Es gilt deutsches Recht.", ["deutsches Recht"]),
        ("Il presente contratto è regolato dalla legge italiana", ["legge italiana"]),
        ("a corporation organized under the laws of the State of Delaware, shall pay", []),
        ("Applicable Law shall apply. Securities Laws shall govern.", []),
    ],
)  # fmt: skip
def test_the_law_is_named_by_many_phrases(text, law):
    assert [text[start:end] for start, end in find_laws(text)] == law


def test_parties_of_one_sentence_with_what_describes_them(tmp_path):
    several = (
        "THIS AGREEMENT dated as of May 3, 2010, is entered into by and among Alder Investment Co., Inc., a Delaware\n"
        "corporation (“Alder Inc.”), Joan C. Mills (“Mills”), Alder Mills & Co. II, L.P., a Delaware limited\n"
        "partnership (the “Fund”), and Heath Weaving, LLC, an Indiana limited liability company (the “Company”).\n"
    )
    assert read(tmp_path, several, parties=PARTIES)["parties"] == [
        "Alder Investment Co., Inc.",
        "Joan C. Mills",
        "Alder Mills & Co. II, L.P.",
        "Heath Weaving, LLC",
    ]
    addresses = (
        "This Agreement is entered into on 2 September, 2004, by and between nOva Corporation, Inc. (“Nova”), a Delaware (USA)\n"
        "Corporation, and Kestrel Technology Limited, Mill Park, Mill Road, Havant, Hampshire PO9 1SA a company incorporated\n"
        "in England (‘Kestrel’) (collectively the ‘Parties’) for the purpose of sharing.\n"
    )
    assert read(tmp_path, addresses, parties=PARTIES, agreement_date=DATE) == {
        "parties": ["nOva Corporation, Inc.", "Kestrel Technology Limited"],
        "agreement_date": "2004-09-02",
    }


def test_a_german_contract(tmp_path):
    text = (
        "VERTRAG\nzwischen der Nova Holz GmbH, Am Weg 3, 10115 Berlin (nachfolgend „Auftraggeber“) und der Kestrel AG, Talstraße 7,\n"
        "80331 München (nachfolgend „Auftragnehmer“) wird Folgendes vereinbart:\n"
        "Dieser Vertrag hat eine Laufzeit von zwei Jahren. Die Kündigungsfrist beträgt drei Monate. Es gilt deutsches Recht.\n"
    )
    asked = {"term": STRING, "notice_period": STRING, "notice_period_months": {"type": "integer"}}
    assert read(tmp_path, text, parties=PARTIES, governing_law=STRING, auftraggeber=STRING, **asked) == {
        "parties": ["Nova Holz GmbH", "Kestrel AG"],
        "governing_law": "deutsches Recht",
        "auftraggeber": "Nova Holz GmbH",
        "term": "2 Jahren",
        "notice_period": "3 Monate",
        "notice_period_months": 3,
    }


def test_a_role_names_who_has_it(tmp_path):
    text = (
        "CREDIT AGREEMENT\nDated as of September 5, 2014\namong\nALDER.COM, INC.,\nas the Borrower,\nHEATH BANK, N.A.,\n"
        "as Loan Agent\nand\nThe Other Lenders Party Hereto\n\nLOAN AGENT\nLoan Agent’s Office and Account\n"
    )
    assert read(tmp_path, text, borrower=STRING, loan_agent=STRING, agreement_date=DATE) == {
        "borrower": "ALDER.COM, INC.",
        "loan_agent": "HEATH BANK, N.A.",
        "agreement_date": "2014-09-05",
    }


def test_a_letter_takes_effect_on_its_date(tmp_path):
    text = "EXHIBIT 4\n\nJune 23, 2015\n\nYou have asked for information about the Company.\n"
    assert read(tmp_path, text, effective_date=DATE) == {"effective_date": "2015-06-23"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eighteen (18) months", ["18 months"]),
        ("a period of thirty days and 2 years", ["30 days", "2 years"]),
        ("zwei Jahre, drei Wochen", ["2 Jahre", "3 Wochen"]),
        ("pendant cinq ans", ["5 ans"]),
        ("six (6) full calendar months", []),
        ("10 Mayfield Road, 0 days, 3.5 years, version 12 yearly", []),
    ],
)
def test_durations_in_words_and_digits(text, found):
    assert [item.text for item in find_durations(text)] == found


TERM = (
    "Agreement. This Agreement shall continue in effect for a term of two (2) years from the Effective Date."
)


def test_the_term_is_told_from_other_durations():
    others = "The Employee shall not compete for five (5) years. Invoices are paid within thirty (30) days. "
    ranked = list(ranked_durations(others + TERM, "term"))
    assert [item.text for _, item in ranked][:1] == ["2 years"]
    assert all(score < 0.5 for score, item in ranked[1:])


def test_of_two_terms_none_is_taken():
    twice = TERM + " This Agreement shall remain in full force and effect for a period of seven (7) years."
    assert list(ranked_durations(twice, "term")) == []


def test_only_fields_about_a_duration_ask_for_one():
    def asked(name, **more):
        return asks_duration(describe((name,), {"type": "string", **more}))

    assert asked("term", description='How long the obligation lasts, e.g. "2 years"') == "term"
    assert asked("contract_term") == "term"
    assert asked("notice_period") == "notice"
    assert asked("renewal_term") == "renewal"
    assert asked("payment_terms") == asked("term", description="Payment conditions") == ""
    assert asked("terminal") == asked("search_term_id") == asked("medical_term") == ""


@given(st.text(st.sampled_from("0123456789 ()-.abdefhmnortwyzä§"), max_size=80))
@settings(max_examples=200)
def test_durations_lie_in_the_text(text):
    last = 0
    for item in find_durations(text):
        assert last <= item.start < item.end <= len(text)
        assert item.number > 0
        assert text[: item.end].endswith(item.printed)
        last = item.end
