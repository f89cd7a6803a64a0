"""Saved configurations."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from extract_bridge.local.service.bodies import ConfigurationBody
from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.configurations_store import SavedConfiguration
from extract_bridge.local.service.ids import CONFIGURATION, new_id
from extract_bridge.local.service.paging import decode_token, encode_token
from extract_bridge.local.service.parse_bodies import ParseOptions
from extract_bridge.local.service.plain import Body
from extract_bridge.local.service.problems import conflict, invalid, not_found
from extract_bridge.local.service.schema_check import check_schema
from extract_bridge.local.service.scope import CurrentScope, Scope

router = APIRouter(prefix="/api/v1/beta/configurations", tags=["configurations"])

ProductType = Literal["classify_v2", "extract_v2", "parse_v2", "split_v1", "spreadsheet_v1", "unknown"]
_PRODUCT_TYPES: tuple[ProductType, ...] = (
    "classify_v2", "extract_v2", "parse_v2", "split_v1", "spreadsheet_v1", "unknown",
)  # fmt: skip
_MODELS: dict[str, type[BaseModel]] = {"extract_v2": ConfigurationBody, "parse_v2": ParseOptions}
Name = Annotated[str, Field(min_length=1, max_length=255)]


class NewConfiguration(Body):
    """The body of a create; what `schema/generate` answers is one."""

    name: Name
    parameters: dict[str, Any]


class ChangedConfiguration(Body):
    """The body of a change; what is left out stays as it is."""

    name: Name | None = None
    parameters: dict[str, Any] | None = None


@router.post("")
def create(body: NewConfiguration, scope: CurrentScope) -> dict[str, Any]:
    """Keep a configuration under a new id."""
    parameters = _checked(body.parameters)
    now = now_text()
    saved = SavedConfiguration(
        id=new_id(CONFIGURATION),
        project_id=scope.home(),
        name=body.name,
        product_type=parameters["product_type"],
        parameters=parameters,
        version=now,
        created_at=now,
        updated_at=now,
    )
    scope.service.configurations.put(saved)
    return _view(saved)


@router.get("")
def list_configurations(
    scope: CurrentScope,
    name: str | None = None,
    product_type: Annotated[list[ProductType], Query(max_length=10)] = [],  # noqa: B006 -- FastAPI copies it
    page_size: Annotated[int, Query(ge=1, le=1000)] = 50,
    page_token: str | None = None,
    *,
    latest_only: bool = False,
) -> dict[str, Any]:
    """One page of configurations, newest first; with `latest_only` the newest of each name."""
    filters = {
        "name": name,
        "latest": latest_only,
        "types": product_type,
        "project": scope.project_id,
        "organization": scope.organization_id,
    }
    found = scope.service.configurations.find(name=name, product_types=product_type)
    found = [saved for saved in found if scope.sees(saved.project_id)]
    if latest_only:
        newest: dict[tuple[str, str, str], SavedConfiguration] = {}
        for saved in found:
            newest.setdefault((saved.project_id, saved.product_type, saved.name), saved)
        found = list(newest.values())
    if page_token:
        last = decode_token(page_token, filters)
        found = [saved for saved in found if (saved.created_at, saved.id) < last]
    page = found[:page_size]
    more = len(found) > page_size
    token = encode_token((page[-1].created_at, page[-1].id), filters) if more else None
    return {"items": [_view(saved) for saved in page], "next_page_token": token, "total_size": None}


@router.get("/{config_id}")
def get(config_id: str, scope: CurrentScope) -> dict[str, Any]:
    """One configuration."""
    return _view(_existing(scope, config_id))


@router.put("/{config_id}")
def update(config_id: str, body: ChangedConfiguration, scope: CurrentScope) -> dict[str, Any]:
    """Change name or parameters; new parameters are a new version. Jobs keep what they were created with."""
    saved = _existing(scope, config_id)
    now = now_text()
    if body.parameters is not None:
        parameters = _checked(body.parameters)
        if parameters["product_type"] != saved.product_type:
            raise conflict(f"The configuration is for {saved.product_type}: create another one")
        saved = replace(saved, parameters=parameters, version=now)
    saved = replace(saved, name=body.name or saved.name, updated_at=now)
    scope.service.configurations.put(saved)
    return _view(saved)


@router.delete("/{config_id}", status_code=204)
def delete(config_id: str, scope: CurrentScope) -> Response:
    """Forget a configuration; jobs keep what they were created with."""
    scope.service.configurations.delete(_existing(scope, config_id).id)
    return Response(status_code=204)


def _existing(scope: Scope, config_id: str) -> SavedConfiguration:
    saved = scope.service.configurations.get(config_id)
    if saved is None:
        raise not_found("Configuration")
    scope.require(saved.project_id, "Configuration")
    return saved


def _checked(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters, null as absent, checked as a job of their product would be."""
    kept = {name: value for name, value in parameters.items() if value is not None}
    product = kept.get("product_type")
    if product not in _PRODUCT_TYPES:
        raise invalid(
            ("body", "parameters", "product_type"), f"product_type must be one of {', '.join(_PRODUCT_TYPES)}"
        )
    model = _MODELS.get(product)
    if model is not None:
        try:
            model.model_validate(kept)
        except ValidationError as error:
            raise RequestValidationError(
                [{**item, "loc": ("body", "parameters", *item["loc"])} for item in error.errors()]
            ) from None
    if product == "extract_v2":
        check_schema(kept["data_schema"])
    return kept


def _view(saved: SavedConfiguration) -> dict[str, Any]:
    return {
        "id": saved.id,
        "name": saved.name,
        "project_id": saved.project_id,
        "product_type": saved.product_type,
        "parameters": saved.parameters,
        "version": saved.version,
        "created_at": saved.created_at,
        "updated_at": saved.updated_at,
    }
