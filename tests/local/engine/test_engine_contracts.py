# ruff: noqa: RUF001 - the quotes that contracts print are matched as they are
"""What contracts state in set phrases: parties, roles, law, how long. The agreements are made up here."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract_bridge.local.engine.durations import asks_duration, find_durations, ranked_durations
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.prose.laws import find_laws
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


def test_a_french_lease_names_its_parties_and_where_they_live(tmp_path):
    text = (
        "CONTRAT DE LOCATION\nEntre les soussignés :\nCamille Renard, demeurant 92 boulevard Voltaire, 34070 Bellerive, ci-après\n"
        "dénommé « le bailleur », d'une part,\net Solène Marchand, demeurant actuellement 4 bis avenue des Ormes, 67000 Hautmont,\n"
        "ci-après dénommée « le locataire », d'autre part, il a été convenu ce qui suit :\n"
    )
    party = {"type": "object", "properties": {"nom": STRING, "adresse": STRING}}
    assert read(tmp_path, text, bailleur=party, locataire=party) == {
        "bailleur": {"nom": "Camille Renard", "adresse": "92 boulevard Voltaire, 34070 Bellerive"},
        "locataire": {"nom": "Solène Marchand", "adresse": "4 bis avenue des Ormes, 67000 Hautmont"},
    }


def test_sentences_state_amounts_dates_and_lengths_of_a_lease(tmp_path):
    text = (
        "RESIDENTIAL LEASE AGREEMENT\nThis Lease is entered into on June 12, 2022 between Heath Street Homes LLC, hereinafter called\n"
        "“Landlord,” and Margaret Odom, hereinafter called “Tenant.”\nThe term of this Lease is twelve (12) months, beginning on July 1, 2022.\n"
        "Tenant shall pay rent of $1,875.00 per month on the 1st of each month. A late charge of $75.00 applies after the fifth day.\n"
        "Upon signing, Tenant shall deposit the sum of $2,500.00 as security for the performance of these obligations.\n"
        "Either party shall give the other at least sixty (60) days written notice before the end of the term.\n"
    )
    number = {"type": ["number", "null"]}
    asked = {
        "landlord": STRING,
        "tenant": STRING,
        "commencement_date": DATE,
        "lease_term": STRING,
        "notice_period": STRING,
    }
    amounts = {
        "monthly_rent": number,
        "security_deposit": number,
        "pet_fee": number,
        "payment_day": {"type": "integer"},
    }
    assert read(tmp_path, text, **asked, **amounts) == {
        "landlord": "Heath Street Homes LLC",
        "tenant": "Margaret Odom",
        "commencement_date": "2022-07-01",
        "lease_term": "12 months",
        "notice_period": "60 days",
        "monthly_rent": 1875.0,
        "security_deposit": 2500.0,
        "pet_fee": None,
        "payment_day": 1,
    }


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("Mietvertrag. Die monatliche Grundmiete beträgt 780,00 EUR. Insgesamt sind 970,00 EUR zu zahlen.", "kaltmiete", 780.0),
        ("Contrat de bail. Le loyer mensuel est fixé à la somme de 690 euros, payable le 5.", "loyer_mensuel", 690.0),
        ("Contrato de arrendamiento. Entrega la cantidad de 1.700 euros en concepto de fianza.", "fianza", 1700.0),
        ("Huurovereenkomst. Huurder betaalt vooraf een waarborgsom van € 1.850,00 aan verhuurder.", "security_deposit", 1850.0),
        ("Contratto di locazione. Il canone mensile è convenuto in euro 620,00 da versare subito.", "monthly_rent", 620.0),
        ("Umowa najmu. Czynsz miesięczny wynosi 2 400,00 zł, płatny do dziesiątego dnia.", "rent", 2400.0),
        ("Lease agreement. Liability company at 51 Wharf Road and elsewhere in the town.", "liability_cap", None),
        ("Report of the year. The monthly rent of the office was 780.00 EUR as before.", "monthly_fee", None),
    ],
)  # fmt: skip
def test_amounts_stand_in_sentences_of_many_languages(tmp_path, text, asked, value):
    assert read(tmp_path, text, **{asked: {"type": ["number", "null"]}}) == {asked: value}


@pytest.mark.parametrize(
    ("text", "asked", "name"),
    [
        (("Mietvertrag zwischen der Brandt GmbH, Lindenweg 1, 04277 Leipzig (nachfolgend „Vermieter“), und Frau Sabine Krüger, "
         "wohnhaft Am Hang 3, 06114 Halle (nachfolgend „Mieterin“ genannt), wird geschlossen."), "mieter", "Sabine Krüger"),
        ("Contrato. De una parte, Costa Verde, S.L., con domicilio en Gijón, en adelante \"el Arrendador\".", "arrendador", "Costa Verde, S.L."),
        ("Contratto. La sig.ra Giulia Ferrero, nata a Torino, di seguito denominata \"Locatore\", concede in uso.", "landlord", "Giulia Ferrero"),
        ("Contrato entre António Brito, residente no Porto, adiante designado por Senhorio, e outros.", "senhorio", "António Brito"),
        ("Overeenkomst tussen de heer Pieter van Loon, wonende te Tilburg, hierna te noemen 'huurder', en anderen.", "huurder", "Pieter van Loon"),
        ("This Agreement (the “Agreement”) says that the Tenant pays.", "tenant", None),
    ],
)  # fmt: skip
def test_roles_are_given_by_many_phrases(tmp_path, text, asked, name):
    assert read(tmp_path, text, **{asked: STRING}) == {asked: name}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (("PARTIES\n(1) TARN ROBOTICS LIMITED incorporated in England with company number 07719822 (the “Discloser”); and\n"
         "(2) PRIORY CASTINGS PLC incorporated in Scotland, owner of Priory Foundry Limited (the “Recipient”)."),
         ["TARN ROBOTICS LIMITED", "PRIORY CASTINGS PLC"]),
        (("WHEREAS, Suncrest Mills Inc., a corporation of South Carolina (hereinafter “SUNCREST”), owns information; and\n"
         "WHEREAS, Ferrell Dye Works Company, a corporation of Georgia (hereinafter “FERRELL”), wants it;"),
         ["Suncrest Mills Inc.", "Ferrell Dye Works Company"]),
        (("You shall keep the Evaluation Material of the Company secret.\n\nSTEDMAN INDUSTRIES, INC.\nBy: /s/ A. Pell\nName: A. Pell\n\n"
         "ORCHARD LANE PARTNERS, L.P.\nBy: /s/ P. Moore\nName: P. Moore"), ["STEDMAN INDUSTRIES, INC.", "ORCHARD LANE PARTNERS, L.P."]),
        ("The advisers are Lathrop & Greene LLC and Alder Bank, N.A. of Ohio.", []),
    ],
)  # fmt: skip
def test_parties_outside_a_sentence_with_between(tmp_path, text, names):
    assert read(tmp_path, text, parties=PARTIES) == {"parties": names}


def test_parties_and_signatories_as_objects(tmp_path):
    text = (
        "CONSULTING AGREEMENT\nDATED October 13, 2025\nPARTIES\n(1) Quill & Anchor LLC, a Maine limited liability company, of 51 Wharf Road, Portland, ME\n"
        "04101 (the “Client”).\n(2) Harrow Lane Ltd, a company incorporated in Wales, of 12 Harrow Lane, Bristol BS1 6QF (the “Counterparty”).\n"
        "The courts of Edinburgh have exclusive jurisdiction.\nQuill & Anchor LLC\nBy: ____________\nName: Naomi Patel\nTitle: General Counsel\n"
    )

    def objects(**properties):
        return {"type": "array", "items": {"type": "object", "properties": properties}}

    asked = {
        "parties": objects(name=STRING, role=STRING, address=STRING),
        "signatories": objects(name=STRING, title=STRING),
    }
    assert read(tmp_path, text, **asked, venue=STRING, agreement_title=STRING) == {
        "parties": [
            {"name": "Quill & Anchor LLC", "role": "Client", "address": "51 Wharf Road, Portland, ME 04101"},
            {"name": "Harrow Lane Ltd", "role": "Counterparty", "address": "12 Harrow Lane, Bristol BS1 6QF"},
        ],
        "signatories": [{"name": "Naomi Patel", "title": "General Counsel"}],
        "venue": "Edinburgh",
        "agreement_title": "CONSULTING AGREEMENT",
    }


def test_an_agreement_takes_effect_with_its_last_signature(tmp_path):
    text = (
        "NONDISCLOSURE AGREEMENT\nThis Agreement becomes effective on the date of the last signature below. It replaces one dated May 1, 2001.\n"
        "Signature: A\nDate: November 27, 2007\nSignature: B\nDate: November 30, 2007\n"
    )
    assert read(tmp_path, text, effective_date=DATE) == {"effective_date": "2007-11-30"}


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("This Agreement shall remain in force until the third anniversary of the date hereof.", "term", "3 years"),
        ("Die ersten sechs Monate gelten als Probezeit. Danach beträgt die Kündigungsfrist vier Wochen.", "probezeit", "6 Monate"),
        ("Während der Probezeit gilt eine Frist von zwei Wochen zur Kündigung. Sonst beträgt die Kündigungsfrist vier Wochen.", "kuendigungsfrist", "4 Wochen"),
        ("A party that does not cure a breach within ten (10) days gives notice of thirty (30) days.", "cure_period", "10 days"),
        ("Les obligations de confidentialité resteront en vigueur pendant quatre ans. Préavis : deux mois.", "duree_confidentialite", "4 ans"),
        ("Executive shall not compete for one (1) year. Confidential Information stays secret at all times.", "confidentiality_period", None),
    ],
)  # fmt: skip
def test_lengths_are_told_apart_by_what_they_are_for(tmp_path, text, asked, value):
    assert read(tmp_path, text, **{asked: STRING}) == {asked: value}


def test_a_letter_of_secrecy(tmp_path):
    text = (
        "Merrow Group, Inc.\n522 Foundry Road, Macon, GA 31201\n\nJune 4, 2025\n\nIronbridge Partners LP\n\nLadies and Gentlemen:\n\n"
        "For a period of eighteen (18) months you will not solicit for employment any officer of the Company.\n"
        "Your obligations under this letter will expire thirty-six (36) months after its date. You will destroy all copies within 5 days.\n\n"
        "MERROW GROUP, INC.\nBy: ________\nName: Marcus Allister\nTitle: CEO\n\nACCEPTED AND AGREED:\nIRONBRIDGE PARTNERS LP\nBy: ________\n"
        "Name: Nils Thorvald\nTitle: Partner\nDate: 6/5/2025\n"
    )
    whole = {"type": ["integer", "null"]}
    who = {"type": "object", "properties": {"name": STRING, "title": STRING, "date": DATE}}
    asked = {
        "term_months": whole,
        "non_solicit_months": whole,
        "return_period": STRING,
        "jurisdiction": STRING,
    }
    assert read(tmp_path, text, letter_date=DATE, **asked, signatory=who, accepted_by=who) == {
        "letter_date": "2025-06-04",
        "term_months": 36,
        "non_solicit_months": 18,
        "return_period": "5 days",
        "jurisdiction": None,
        "signatory": {"name": "Marcus Allister", "title": "CEO", "date": None},
        "accepted_by": {"name": "Nils Thorvald", "title": "Partner", "date": "2025-06-05"},
    }


def test_where_a_party_is_organised_and_when_it_signed(tmp_path):
    text = (
        "AGREEMENT made as of July 22, 2021, between LANTERN SOFTWARE CORP., a Nevada corporation (“LHS”), and OSPREY HOLDINGS LLC, a limited\n"
        "liability company organized under the laws of the State of Florida (“Osprey”).\nBy: ________\nName: Naomi Whitcombe\nDate: July 23, 2021\n"
    )

    def objects(**properties):
        return {"type": "array", "items": {"type": "object", "properties": properties}}

    asked = {"party": objects(name=STRING, state_of_organization=STRING, defined_as=STRING)}
    assert read(tmp_path, text, **asked, signers=objects(name=STRING, title=STRING, date=DATE)) == {
        "party": [
            {"name": "LANTERN SOFTWARE CORP.", "state_of_organization": "Nevada", "defined_as": "LHS"},
            {"name": "OSPREY HOLDINGS LLC", "state_of_organization": "Florida", "defined_as": "Osprey"},
        ],
        "signers": [{"name": "Naomi Whitcombe", "title": None, "date": "2021-07-23"}],
    }
