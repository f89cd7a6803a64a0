"""What is asked of a document: a schema in one of many hands, and the truth that fits it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.sheet import Ink, Sheet

_STRING, _DATE, _NUMBER, _INTEGER = (
    {"type": "string"},
    {"type": "string", "format": "date"},
    {"type": "number"},
    {"type": "integer"},
)
_FIELDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    # concept: names that people give it | what they say about it, kind of value
    "invoice_number": ("invoice_number invoice_no invoice_id", "Number of the invoice", _STRING),
    "receipt_number": ("receipt_number receipt_no", "Number of the receipt", _STRING),
    "order_number": ("order_number purchase_order_number order_no", "Number of the order", _STRING),
    "customer_number": ("customer_number customer_id", "The customer's number at the seller", _STRING),
    "invoice_date": ("invoice_date date issue_date", "Date on which the invoice was issued", _DATE),
    "receipt_date": ("date receipt_date purchase_date", "Date of the purchase", _DATE),
    "order_date": ("order_date date", "Date of the order", _DATE),
    "letter_date": ("date letter_date", "Date of the letter", _DATE),
    "due_date": ("due_date payment_due_date", "Date by which to pay", _DATE),
    "delivery_date": ("delivery_date date_of_delivery", "Date of the delivery", _DATE),
    "seller": ("seller supplier vendor seller_name", "Name of the company that sells", _STRING),
    "store": ("company store merchant", "Name of the shop or company", _STRING),
    "store_address": ("address store_address", "Address of the shop", _STRING),
    "buyer": ("buyer customer buyer_name customer_name", "Name of the customer", _STRING),
    "sender": ("sender sender_name", "Company that wrote the letter", _STRING),
    "seller_address": ("seller_address supplier_address", "Address of the seller", _STRING),
    "buyer_address": ("buyer_address billing_address", "Address of the customer", _STRING),
    "vat_id": ("vat_id vat_number seller_vat_id", "VAT number of the seller", _STRING),
    "iban": ("iban bank_account", "IBAN to pay to", _STRING),
    "phone": ("phone telephone phone_number", "Telephone number of the seller", _STRING),
    "email": ("email email_address", "E-mail address of the seller", _STRING),
    "contact": ("contact_person contact", "Person to ask", _STRING),
    "currency": ("currency currency_code", "Currency as an ISO code", _STRING),
    "subtotal": ("subtotal net_amount total_excluding_tax", "Total before tax", _NUMBER),
    "tax": ("tax_amount vat_amount tax", "Amount of value added tax", _NUMBER),
    "total": ("total total_amount grand_total", "Total including tax", _NUMBER),
    "amount_due": ("amount_due balance_due", "What is left to pay", _NUMBER),
    "shipping": ("shipping_cost shipping", "Cost of shipping", _NUMBER),
    "cash": ("cash_tendered amount_paid", "Amount handed over in cash", _NUMBER),
    "change": ("change change_given", "Change given back", _NUMBER),
    "project": ("project project_name", "Name of the project", _STRING),
    "reference": ("reference our_reference reference_number", "Reference of the sender", _STRING),
    "subject": ("subject subject_line", "Subject of the letter", _STRING),
    "line_items": ("line_items items positions", "One entry for each item", {}),
    "transactions": ("transactions bookings entries", "One entry for each booking", {}),
    "description": ("description item_description item", "What was sold", _STRING),
    "article": ("article_number item_code sku", "Number of the article", _STRING),
    "quantity": ("quantity qty", "How many", _NUMBER),
    "unit": ("unit unit_of_measure", "Unit of the quantity", _STRING),
    "unit_price": ("unit_price price_per_unit", "Price of one", _NUMBER),
    "amount": ("amount line_total", "Amount of the line", _NUMBER),
    "price": ("price unit_price", "Price", _NUMBER),
    "account": ("account_number account_no", "Number of the account", _STRING),
    "opening": ("opening_balance balance_brought_forward", "Balance at the start", _NUMBER),
    "closing": ("closing_balance new_balance", "Balance at the end", _NUMBER),
    "holder": ("account_holder customer_name", "Who holds the account", _STRING),
    "booking_date": ("date booking_date", "Date of the booking", _DATE),
    "booking_text": ("description details", "What the booking is for", _STRING),
    "money_out": ("debit money_out", "Amount paid out", _NUMBER),
    "money_in": ("credit money_in", "Amount paid in", _NUMBER),
    "balance": ("balance running_balance", "Balance after the booking", _NUMBER),
    "first_name": ("first_name given_name", "First name of the applicant", _STRING),
    "last_name": ("last_name family_name surname", "Family name of the applicant", _STRING),
    "birth_date": ("date_of_birth birth_date", "Date of birth", _DATE),
    "street": ("street street_address", "Street and number", _STRING),
    "city": ("city town", "Town", _STRING),
    "postcode": ("postal_code postcode zip_code", "Postal code", _STRING),
    "nationality": ("nationality", "Nationality", _STRING),
    "member_number": ("member_number membership_number", "Number of the member", _STRING),
    "signed_on": ("signature_date signed_on date_signed", "Date of the signature", _DATE),
    "serial": ("serial_number serial_no", "Serial number of the instrument", _STRING),
    "instrument": ("instrument device instrument_name", "What was calibrated", _STRING),
    "technician": ("technician tested_by", "Who did the calibration", _STRING),
    "result": ("result outcome", "Result of the calibration", _STRING),
    "calibrated_on": ("calibration_date calibrated_on", "Date of the calibration", _DATE),
    "next_due": ("next_calibration valid_until next_due_date", "Date of the next calibration", _DATE),
    "certificate_number": ("certificate_number certificate_no", "Number of the certificate", _STRING),
    "valid_from": ("valid_from effective_date", "Date from which the prices hold", _DATE),
    "consignment": ("consignment shipment_number consignment_no", "Number of the shipment", _STRING),
    "destination": ("destination destination_city", "Where it goes", _STRING),
    "weight": ("weight weight_kg", "Weight in kg", _NUMBER),
    "shipped_on": ("delivery_date delivered_on", "Date of the delivery", _DATE),
    "position": ("position line_number", "Number of the line", _INTEGER),
}


@dataclass(slots=True)
class Asking:
    """The schema and the truth of one document while it is drawn.

    Attributes:
        rng: Decides names and wording.
        sheet: Where the values are printed.
        described: Properties have descriptions.
        camel: Names are in camelCase.
        records: For targets with many records: the truth so far, one object each.
        record: Which of them is drawn; None for a target with one.
    """

    rng: Random
    sheet: Sheet
    title: str = ""
    described: bool = True
    camel: bool = False
    schema: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    record: int | None = None
    _names: dict[str, str] = field(default_factory=dict)
    _items: dict[str, dict[str, Any]] = field(default_factory=dict)

    def value(self, concept: str, value: Any, *inks: Ink) -> None:
        """Ask for a value that stands on these lines; asked again, they state it too."""
        if self.record is not None:
            self.in_record(self.record, concept, value, *inks)
            return
        known = self._names.get(concept)
        if known is None:
            known = self._property(concept, self.schema)
            self.data[known] = value
        self.sheet.mark(f"/{known}", *inks)

    def absent(self, *concepts: str) -> None:
        """Ask for values that the document does not have."""
        for concept in concepts:
            if self.record is not None:
                self.in_record(self.record, concept, None)
            elif concept not in self._names:
                self.data[self._property(concept, self.schema)] = None

    def cell(self, many: str, row: int, concept: str, value: Any, *inks: Ink) -> None:
        """Ask for a cell of a list of objects."""
        if many not in self._items:
            name = self._property(many, self.schema)
            self._items[many] = {}
            self.schema[name] = {
                "type": "array",
                "items": {"type": "object", "properties": self._items[many]},
                **({"description": _FIELDS[many][1]} if self.described else {}),
            }
            self.data[name] = []
        key = f"{many}.{concept}"
        if key not in self._names:
            self._property(concept, self._items[many], key)
        rows = self.data[self._names[many]]
        while len(rows) <= row:
            rows.append({})
        rows[row][self._names[key]] = value
        self.sheet.mark(f"/{self._names[many]}/{row}/{self._names[key]}", *inks)

    def in_record(self, record: int, concept: str, value: Any, *inks: Ink) -> None:
        """Ask for a value of one record of many."""
        if concept not in self._names:
            self._property(concept, self.schema)
        while len(self.records) <= record:
            self.records.append({})
        self.records[record][self._names[concept]] = value
        self.sheet.mark(f"/{record}/{self._names[concept]}", *inks)

    def data_schema(self) -> dict[str, Any]:
        """The schema, its properties in an order that is not the page's."""
        names = list(self.schema)
        if self.rng.random() < 0.5:
            self.rng.shuffle(names)
        made: dict[str, Any] = {"type": "object", "properties": {name: self.schema[name] for name in names}}
        return {"title": self.title, **made} if self.title else made

    def _property(self, concept: str, properties: dict[str, Any], key: str | None = None) -> str:
        names, meaning, kind = _FIELDS[concept]
        options = names.split(" ")
        name = next(
            (
                spelled
                for option in (options[0] if self.rng.random() < 0.5 else self.rng.choice(options), *options)
                if (spelled := self._spell(option)) not in properties
            ),
            self._spell(concept),
        )
        self._names[key or concept] = name
        properties[name] = {**kind, **({"description": meaning} if self.described else {})}
        return name

    def _spell(self, name: str) -> str:
        return re.sub(r"_(\w)", lambda found: found[1].upper(), name) if self.camel else name
