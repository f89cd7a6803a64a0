import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.local.engine.dates import find_dates, order_for, parse_date
from extract_bridge.local.engine.numbers import NumberStyle, find_numbers
from extract_bridge.local.engine.values import coerce, currency_code, kind_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", 1234.56), ("1.234,56 €", 1234.56), ("1 234,56", 1234.56), ("1'234.50", 1234.5), ("(12.00)", -12.0),
        ("12-", -12.0), ("-€ 9,32", -9.32), ("€ -9,32", -9.32), ("RM60.31", 60.31), ("$1.1M", 1_100_000.0), ("35.8%", 35.8),
        (".10", 0.1), ("99.-", 99.0), ("3 pieces", 3.0), ("16.90SR", 16.9), ("1.234.567", 1234567.0), ("0.025 €", 0.025),
    ],
)  # fmt: skip
def test_numbers_in_many_spellings(text, value):
    assert coerce(text, {"type": "number"}).value == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "-", "n/a", "05.03.2013", "3.50.2", "07-3507405", "abc", "PO201", "12:30", "1/2/3"]
)
def test_what_is_no_number_is_none(text):
    assert coerce(text, {"type": "number"}) is None


def test_an_integer_is_whole():
    assert coerce("42", {"type": "integer"}).value == 42
    assert isinstance(coerce("42.00", {"type": "integer"}).value, int)
    assert coerce("42.5", {"type": "integer"}) is None


def test_three_digits_behind_a_sign_follow_the_language():
    assert coerce("1.234", {"type": "number"}, lang="de").value == 1234
    assert coerce("1.234", {"type": "number"}, lang="en").value == 1.234
    assert coerce("1,234", {"type": "number"}, lang="de").value == 1.234


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-11-21", "2020-11-21"), ("7. Mai 2014", "2014-05-07"), ("19 april 2014", "2014-04-19"), ("1er janvier 2020", "2020-01-01"),
        ("August 3 , 2014", "2014-08-03"), ("5 de mayo de 2020", "2020-05-05"), ("15 Mär 2020", "2020-03-15"), ("27-FEB-2018", "2018-02-27"),
        ("23rd day of June, 2015", "2015-06-23"), ("20181230", "2018-12-30"), ("31/12/2018 20:49", "2018-12-31"), ("28-11-18", "2018-11-28"),
    ],
)  # fmt: skip
def test_dates_in_many_spellings(text, iso):
    assert parse_date(text) == iso
    assert coerce(text, {"type": "string", "format": "date"}).value == iso


@pytest.mark.parametrize(
    "text", ["31.02.2020", "2020-13-01", "12.5.3", "99/99/9999", "in May", "10:30", "1-2"]
)
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


def test_the_language_settles_day_and_month():
    field = {"type": "string", "format": "date"}
    assert coerce("03/04/2024", field, lang="en-US").value == "2024-03-04"
    assert coerce("03/04/2024", field, lang="de").value == "2024-04-03"
    assert coerce("03/04/2024", field).value == "2024-04-03"


def test_the_document_itself_settles_day_and_month():
    assert order_for(None, ["05/27/20", "03/04/2024"]) == ("mdy", True)
    assert order_for(None, ["27/05/20", "03/04/2024"]) == ("dmy", True)
    assert order_for(None, ["03/04/2024"]) == ("dmy", False)


def test_two_dates_in_a_period_are_two():
    assert [item.iso for item in find_dates("01.05.14-31.05.14")] == ["2014-05-01", "2014-05-31"]


@given(
    st.dates(datetime.date(1971, 1, 1), datetime.date(2069, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y"]),
)
def test_a_printed_date_reads_back(day, form):
    assert parse_date(day.strftime(form), "dmy") == day.isoformat()


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]),
)
def test_a_printed_amount_reads_back(amount, signs):
    thousands, decimal = signs
    text = f"{amount:,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    assert coerce(text, {"type": "number"}).value == pytest.approx(float(amount))


@given(st.text(max_size=80))
def test_no_text_makes_coercion_fail(text):
    for schema in (
        {"type": "number"}, {"type": "integer"}, {"type": "boolean"}, {"type": "string", "format": "date"},
        {"type": "string", "pattern": "["}, {"enum": ["a", 1, None]}, {"type": "array"}, {},
    ):  # fmt: skip
        coerce(text, schema)
    for number in find_numbers(text, NumberStyle()):
        assert 0 <= number.start < number.end <= len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("Yes", True), ("ja", True), ("☒", True), ("non", False), ("☐", False), ("maybe", None)],
)
def test_booleans(text, value):
    found = coerce(text, {"type": "boolean"})
    assert (found.value if found else None) is value


def test_enums_take_the_schema_spelling():
    choices = {"type": ["string", "null"], "enum": ["in transit", "delivered", None]}
    assert coerce("In Transit", choices).value == "in transit"
    assert coerce("delivered", choices).match == "exact"
    assert coerce("lost", choices) is None


def test_nullable_and_anyof_types_are_seen_through():
    assert kind_of({"anyOf": [{"type": "number"}, {"type": "null"}]}) == "number"
    assert kind_of({"type": ["string", "null"]}, "due_date") == "date"
    assert kind_of({"type": "string", "description": "as written"}, "start_date") == "string"


def test_currency_signs_and_codes():
    assert [currency_code(text) for text in ("€", "USD", "RM", "xyz")] == ["EUR", "USD", "MYR", None]
