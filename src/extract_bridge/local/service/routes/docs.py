"""A page for people: the service's OpenAPI as plain HTML, with no script and nothing from elsewhere.

The usual pages load their scripts from a content delivery network: they would tell a third party of a service that nobody else can reach,
and show nothing without a connection.
"""

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

Schema = dict[str, Any]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{font-family:ui-monospace,monospace}table{border-collapse:collapse;margin:.5rem 0}"
    "td,th{border:1px solid #8888;padding:.2rem .6rem;text-align:left;vertical-align:top}"
    "summary{cursor:pointer}@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}a{color:#8bf}}"
)
_MOST_LEVELS = 3
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Every operation with its parameters, its body and its statuses."""
    return HTMLResponse(page(request.app.openapi()), headers=_HEADERS)


def page(document: Schema) -> str:
    """The page of an OpenAPI document."""
    info = document["info"]
    title = escape(f"{info['title']} {info['version']}")
    operations = "".join(
        _operation(method, path, operation, document)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head><body>'
        f'<h1>{title}</h1><p>For programs: <a href="openapi.json">openapi.json</a>.</p>{operations}</body></html>'
    )


def _operation(method: str, path: str, operation: Schema, document: Schema) -> str:
    rows = [
        _row(item["name"], item["in"], item["schema"], required=item.get("required", False))
        for item in operation.get("parameters", ())
    ]
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        rows += _fields(content["schema"], kind, document)
    fields = (
        f"<table><tr><th>name</th><th>where</th><th>kind</th><th></th></tr>{''.join(rows)}</table>"
        if rows
        else ""
    )
    statuses = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(answer.get('description', ''))}</td></tr>"
        for status, answer in sorted(operation["responses"].items())
    )
    return (
        f"<details><summary><code>{escape(method.upper())} {escape(path)}</code></summary>"
        f"<p>{escape(operation.get('description', ''))}</p>{fields}<table>{statuses}</table></details>"
    )


def _fields(schema: Schema, where: str, document: Schema, prefix: str = "") -> list[str]:
    """The fields of a body, those of its parts as `part.field`."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    needed = schema.get("required", ())
    rows: list[str] = []
    for name, item in schema.get("properties", {}).items():
        rows.append(_row(prefix + name, where, item, required=name in needed))
        if prefix.count(".") < _MOST_LEVELS:
            parts = [part for part in (item, item.get("items", {}), *item.get("anyOf", ())) if part]
            parts += [part["items"] for part in parts if "items" in part]
            for part in parts:
                if "$ref" in part:
                    rows += _fields(part, where, document, f"{prefix}{name}.")
    return rows


def _row(name: str, where: str, schema: Schema, *, required: bool) -> str:
    cells = (name, where, _kind(schema), "required" if required else "")
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _kind(schema: Schema) -> str:
    """What a value may be, in few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_kind(item) for item in schema[several]))
    if "enum" in schema:
        return " or ".join(str(value) for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or (" or ".join(kind) if isinstance(kind, list) else kind))
