"""`review` and `correct`: records beside their pages, and a person's corrections back."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from extract_bridge.cli.commands.options import BaseUrl, KeyEnv, examples

REVIEW_EXAMPLES = examples(
    "extract-bridge review invoices.jsonl --out review.html",
    "extract-bridge review ext-123 --out review.html --documents invoices/",
)
CORRECT_EXAMPLES = examples("extract-bridge correct invoices.jsonl corrections.json --out corrected.jsonl")


def review(
    source: Annotated[
        str,
        typer.Argument(metavar="INPUT", help="A job's id, a file with a job or with records, or a ledger."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page, one HTML file.")],
    documents: Annotated[
        list[Path] | None,
        typer.Option(help="Documents, or folders with them; repeatable. Here and beside INPUT by default."),
    ] = None,
    pages: Annotated[
        Literal["cited", "all"], typer.Option(help="Those that values were read from, or all.")
    ] = "cited",
    min_confidence: Annotated[
        float, typer.Option(help="Values less sure than this are marked.", min=0, max=1)
    ] = 0.8,
    base_url: BaseUrl = None,
    api_key_env: KeyEnv = None,
) -> None:
    """Show records beside their pages, in one HTML file."""
    from extract_bridge.cli.review import make_page  # noqa: PLC0415
    from extract_bridge.cli.service import Door  # noqa: PLC0415

    door = Door(base_url=base_url, key_env=api_key_env)
    make_page(
        source, out=out, documents=documents or (), pages=pages, min_confidence=min_confidence, door=door
    )


def correct(
    records: Annotated[Path, typer.Argument(metavar="INPUT", help="What the page was made of.")],
    corrections: Annotated[Path, typer.Argument(help="What the page saved.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The corrected records, one JSON object a line.")
    ],
) -> None:
    """Put a person's corrections into records."""
    from extract_bridge.cli.correct import correct_file  # noqa: PLC0415

    correct_file(records, corrections, out=out)
