"""Every error of the service has the body `{"detail": …}`; a program learns from the headers whether to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

NO_RETRY = {"x-should-retry": "false"}


def inputs_invalid(text: str) -> HTTPException:
    """400: a file or parse job that cannot be extracted from."""
    return HTTPException(400, f"inputs_invalid: {text}")


def schema_invalid(text: str) -> HTTPException:
    """400: a schema outside the API's limits."""
    return HTTPException(400, f"schema_validation: {text}")


def not_found(what: str) -> HTTPException:
    """404."""
    return HTTPException(404, f"{what} not found")


def conflict(text: str) -> HTTPException:
    """409 that trying again does not change; official clients would repeat it for 13 seconds."""
    return HTTPException(409, text, headers=NO_RETRY)


def invalid(loc: tuple[str | int, ...], message: str) -> RequestValidationError:
    """422 about one parameter."""
    return RequestValidationError([{"loc": loc, "msg": message, "type": "value_error"}])


def add_handlers(app: FastAPI) -> None:
    """Give the app its error bodies."""
    app.add_exception_handler(RequestValidationError, _unprocessable)
    app.add_exception_handler(UnicodeEncodeError, _not_unicode)


async def _unprocessable(_request: Request, error: Any) -> JSONResponse:
    # Without the input: it may be large, secret, or not even representable as JSON.
    problems = [
        {
            "loc": [part if isinstance(part, int) else str(part) for part in item["loc"]],
            "msg": item["msg"],
            "type": item["type"],
        }
        for item in error.errors()
    ]
    return JSONResponse({"detail": problems}, 422)


async def _not_unicode(_request: Request, _error: Any) -> JSONResponse:
    return JSONResponse(
        {"detail": [{"loc": ["request"], "msg": "text is no valid Unicode", "type": "value_error"}]}, 422
    )
