"""`serve` and `admin`: the service on this machine, and its folder."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from extract_bridge.cli.commands.options import examples
from extract_bridge.core.errors import MissingExtraError

EXAMPLES = examples(
    "extract-bridge serve",
    "extract-bridge serve --host 0.0.0.0 --allow-host box.example --api-key KEY",
)

admin_app = typer.Typer(help="Look after the folder of a local service.", no_args_is_help=True)
DataDir = Annotated[Path, typer.Option(help="The folder of the service.")]


@admin_app.command("check")
def check_folder(data_dir: DataDir = Path(".extract-bridge")) -> None:
    """Say what a service keeps, and whether all of it is whole."""
    from extract_bridge.cli.admin import check_folder as check_here  # noqa: PLC0415

    raise typer.Exit(0 if check_here(data_dir) else 1)


@admin_app.command("purge")
def purge_folder(data_dir: DataDir = Path(".extract-bridge")) -> None:
    """Remove files and jobs whose time is over, and stray bytes."""
    from extract_bridge.cli.admin import purge_folder as purge_here  # noqa: PLC0415

    purge_here(data_dir)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8787,
    data_dir: Annotated[Path, typer.Option(help="Where files and jobs are kept.")] = Path(".extract-bridge"),
    api_key: Annotated[str | None, typer.Option(help="Ask this key of every request.")] = None,
    workers: Annotated[int | None, typer.Option(help="Documents at once.", min=1)] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A name by which this machine is asked, for example behind a proxy; repeatable."),
    ] = None,
    allow_webhook_host: Annotated[
        list[str] | None,
        typer.Option(
            help="A host that webhooks may go to although it is private, also over plain http; repeatable."
        ),
    ] = None,
    allow_source_url: Annotated[
        bool,
        typer.Option(
            "--allow-source-url", help="Parse jobs may name a public https URL, which is fetched from here."
        ),
    ] = False,
    allow_source_host: Annotated[
        list[str] | None,
        typer.Option(
            help="A host that such a URL may name although it is private, also over plain http; repeatable."
        ),
    ] = None,
    llm_url: Annotated[
        str | None,
        typer.Option(
            help="An OpenAI-compatible server that may fill what the rules leave open, such as http://127.0.0.1:11434/v1."
        ),
    ] = None,
    llm_model: Annotated[str | None, typer.Option(help="The model, as that server names it.")] = None,
    llm_key_env: Annotated[
        str | None, typer.Option(help="The environment variable with that server's key.")
    ] = None,
    llm_mode: Annotated[
        Literal["rules", "hybrid", "llm"],
        typer.Option(help="Who fills the schema: rules alone, rules and model, or the model alone."),
    ] = "hybrid",
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        typer.Option(help="Lines of JSON on standard error: info is one a request."),
    ] = "warning",
    faults: Annotated[
        str | None,
        typer.Option(help="For tests of clients: faults to inject, for example seed=1,lost=0.1."),
    ] = None,
) -> None:
    """Serve the Extract API on this machine until Ctrl-C."""
    try:
        from extract_bridge.cli.serve import serve as serve_here  # noqa: PLC0415
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("extract_bridge"):
            raise
        raise MissingExtraError("local", problem.name or "uvicorn") from None
    serve_here(
        host=host,
        port=port,
        data_dir=data_dir,
        api_key=api_key,
        workers=workers,
        allow_host=allow_host,
        allow_webhook_host=allow_webhook_host,
        allow_source_url=allow_source_url,
        allow_source_host=allow_source_host,
        llm_url=llm_url,
        llm_model=llm_model,
        llm_key_env=llm_key_env,
        llm_mode=llm_mode,
        log_level=log_level,
        faults=faults,
    )
