"""How the command line behaves as a whole: help, version, errors, exit codes, missing packages."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import extract_bridge
from extract_bridge.cli import main, terminal
from extract_bridge.core.errors import ConfigurationError, FileInputError, JobFailedError, NotSentError

if TYPE_CHECKING:
    from pathlib import Path


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    code = leaving.value.code
    assert isinstance(code, int)
    return code


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--version") == 0
    assert capsys.readouterr().out == f"extract-bridge {extract_bridge.__version__}\n"


@pytest.mark.parametrize("command", [(), ("demo",), ("run",), ("schema",), ("schema", "check"), ("serve",)])
def test_help_names_what_it_does(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*command, "--help") == 0
    assert "Usage: extract-bridge" in capsys.readouterr().out


def test_an_unknown_command_is_the_callers_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("dmeo") == 2
    assert "dmeo" in capsys.readouterr().err


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_without_its_packages_it_says_what_to_install(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from extract_bridge.cli import main; main(['demo'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert 'pip install "extract-bridge[cli]"' in done.stderr


def test_an_error_is_told_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("schema", "check", str(tmp_path / "missing.json")) == 2
    told = capsys.readouterr().err
    assert told.startswith("Error  missing.json")
    assert "Next" in told
    assert "Traceback" not in told
    assert str(tmp_path) not in told


@pytest.mark.parametrize("place", [0, 2, 3])
def test_debug_shows_where_an_error_came_from(place: int, tmp_path: Path) -> None:
    arguments = ["schema", "check", str(tmp_path / "missing.json")]
    arguments.insert(place, "--debug")
    with pytest.raises(FileInputError):
        main(arguments)


def test_schema_check_lists_the_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "schema.json"
    amount = {"type": "number", "description": "Sum \x1b[31m of all"}
    properties = {"lines": {"type": "array", "items": {"type": "object", "properties": {"amount": amount}}}}
    file.write_text(json.dumps({"title": "Bill", "type": "object", "properties": properties}))
    assert call("schema", "check", str(file)) == 0
    shown = capsys.readouterr().out
    assert "amount" in shown
    assert "number" in shown
    assert "Sum [31m of all" in shown
    assert "Bill" in shown
    assert "\x1b" not in shown


def test_a_schema_that_cannot_be_used_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "schema.json"
    file.write_text("[1, 2]")
    assert call("schema", "check", str(file)) == 2
    assert "Error" in capsys.readouterr().err


def test_exit_codes_tell_whose_turn_it_is() -> None:
    assert terminal.exit_code(ConfigurationError("x")) == 2
    assert terminal.exit_code(FileInputError("x")) == 2
    assert terminal.exit_code(JobFailedError("x")) == 1
    assert terminal.exit_code(NotSentError("x")) == 1
