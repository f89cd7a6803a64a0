"""Pydantic models for the sample documents: what a user would write for documents of their own.

Every field may be None, because a document may not say. Descriptions are for whoever reads the document: the cloud's
model, or the rules of the local engine, which also look at them for other words that a label may use.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field


class Seller(BaseModel):
    """Who sends an invoice."""

    name: str | None = Field(None, description="Company name in the letterhead")
    vat_id: str | None = None


class Buyer(BaseModel):
    """Who gets it."""

    name: str | None = Field(None, description="Company that the invoice is billed to")
    contact: str | None = None


class LineItem(BaseModel):
    """One line of an invoice."""

    description: str | None = None
    quantity: float | None = None
    unit_price: float | None = None
    amount: float | None = None


class Invoice(BaseModel):
    """`invoice.pdf`, one record for the document."""

    invoice_number: str | None = None
    issue_date: date | None = Field(None, description="Invoice date")
    due_date: date | None = None
    purchase_order: str | None = None
    seller: Seller | None = None
    buyer: Buyer | None = None
    line_items: list[LineItem] = []
    subtotal: float | None = None
    tax: float | None = Field(None, description="Tax or VAT amount")
    total: float | None = Field(None, description="Total due")
    currency: str | None = Field(None, description="ISO 4217 code")
    iban: str | None = None


class Shipment(BaseModel):
    """`shipments.pdf`, one record a table row."""

    shipped_on: date | None = None
    waybill: str | None = None
    consignee: str | None = None
    destination: str | None = None
    packages: int | None = None
    weight_kg: float | None = None
    charge: float | None = None
    status: Literal["delivered", "in transit", "returned"] | None = None
    signed_by: str | None = None


class Certificate(BaseModel):
    """`certificates.pdf`, one record a page."""

    certificate_number: str | None = None
    customer: str | None = None
    instrument: str | None = None
    serial_number: str | None = None
    calibrated_on: date | None = None
    next_due: date | None = Field(None, description="Next calibration due")
    temperature_c: float | None = Field(None, description="Temperature in °C")
    adjusted: bool | None = None
    verdict: Literal["pass", "fail"] | None = None
    technician: str | None = None
