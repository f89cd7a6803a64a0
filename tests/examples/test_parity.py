"""`examples/parity.md` names each endpoint and parameter that the service has, no more and no fewer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.state import ServiceSettings

PAGE = Path(__file__).parents[2] / "examples" / "parity.md"
WORDS = {"same", "similar", "unproven", "ours"}


def rows() -> dict[str, tuple[str, list[str], list[str]]]:
    """Endpoint -> its own word, the parameters that are there, those that are absent."""
    found = {}
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and "`" in cells[0]:
            there = [name for cell in cells[2:5] for name in re.findall(r"`(\w+)`", cell)]
            found[cells[0].strip("`")] = cells[1], there, re.findall(r"`(\w+)`", cells[5])
    return found


def properties(schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return list(schema.get("properties", {}))


def operations(document: dict[str, Any]) -> dict[str, set[str]]:
    found = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names = {item["name"] for item in operation.get("parameters", ()) if item["in"] == "query"}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                names.update(properties(content["schema"], document))
            found[f"{method.upper()} {path}"] = names
    return found


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return create_app(ServiceSettings(data_dir=tmp_path_factory.mktemp("parity"))).openapi()


def test_it_is_the_openapi(document: dict[str, Any]) -> None:
    told = {name: set(there) for name, (_, there, _) in rows().items()}
    configuration = told.pop("the `configuration` of an extract job")
    assert configuration == set(properties({"$ref": "/ConfigurationBody"}, document))
    assert told == operations(document)


def test_every_row_has_one_word_and_names_nothing_twice() -> None:
    for name, (word, there, absent) in rows().items():
        assert word in WORDS, name
        assert len({*there, *absent}) == len(there) + len(absent), name
