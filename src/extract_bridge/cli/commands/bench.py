"""`bench`."""

from pathlib import Path
from typing import Annotated

import typer

from extract_bridge.cli.commands.options import examples
from extract_bridge.core.errors import MissingExtraError

EXAMPLES = examples(
    "extract-bridge bench --layouts held-out",
    "extract-bridge bench --folder my-cases --worst 10",
    "extract-bridge bench --folder my-cases --fail-under 0.9",
    "extract-bridge bench --layouts fresh --base-url http://127.0.0.1:8000",
)


def bench(
    documents: Annotated[int, typer.Option(help="How many documents are drawn.", min=1)] = 120,
    seed: Annotated[int, typer.Option(help="Of the drawn documents; the same seed draws the same.")] = 7,
    layouts: Annotated[
        list[str] | None,
        typer.Option(
            "--layouts",
            help="A layout, a family, or held-out, calibration, fresh or fitted; repeatable. All by default.",
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Your own cases instead: in each folder document.*, schema.json, expected.json (null: not in the"
            " document; names left out are not judged) and, if it is not per_doc, target."
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Another service than the local one. It may bill each page.")
    ] = None,
    api_key_env: Annotated[str | None, typer.Option(help="The environment variable with its key.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the report as JSON here.")] = None,
    fail_under: Annotated[
        float | None,
        typer.Option(
            help="Exit with 1 where the F1 is lower. A document without an answer does so, too.", min=0, max=1
        ),
    ] = None,
    worst: Annotated[
        int,
        typer.Option(
            help="Show so many of the fields that go wrong most often, with an example. Not of held-out or calibration.",
            min=0,
        ),
    ] = 0,
    scanned: Annotated[
        bool,
        typer.Option("--scanned", help="The drawn documents as scans and photographs; takes seconds a page."),
    ] = False,
    concurrency: Annotated[int, typer.Option(help="Documents at once.", min=1)] = 4,
    precision_target: Annotated[
        list[float] | None,
        typer.Option(
            help="Say what may be accepted so that this share is right; repeatable. 0.95 and 0.99 by default.",
            min=0.01,
            max=1,
        ),
    ] = None,
) -> None:
    """Measure how well documents with known truth are read."""
    try:
        from extract_bridge.cli.bench import run_bench  # noqa: PLC0415
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("extract_bridge"):
            raise
        raise MissingExtraError("bench", problem.name or "reportlab") from None
    raise typer.Exit(
        run_bench(
            documents=documents,
            seed=seed,
            layouts=layouts or (),
            folder=folder,
            base_url=base_url,
            key_env=api_key_env,
            out=out,
            fail_under=fail_under,
            concurrency=concurrency,
            precision_targets=precision_target or (),
            worst=worst,
            scanned=scanned,
        )
    )
