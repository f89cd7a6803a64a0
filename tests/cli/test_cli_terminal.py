"""Text of others is shown, never obeyed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.cli import doors, terminal
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


@given(st.text())
def test_a_terminal_gets_one_line_without_controls(value: str) -> None:
    shown = terminal.plain(value)
    assert "\n" not in shown
    assert all(ord(c) >= 32 and not 127 <= ord(c) < 160 for c in shown)


@pytest.mark.parametrize("value", ["[/red] [link=file:///etc]x[/link]", ":smile: [bold]"])
def test_markup_is_text(value: str) -> None:
    stream = io.StringIO()
    console = terminal.make_console(stream)
    console.print(value)
    console.print(terminal.text(value))
    assert stream.getvalue() == f"{value}\n{value}\n"


def test_escape_codes_and_overrides_do_not_reach_it() -> None:
    shown = terminal.plain("a\x1b]8;;evil\x07b\u202ec\U000e0041d\r\n e")
    assert shown == "a]8;;evilbcd e"


@given(st.text(max_size=60), st.integers(2, 40))
def test_cutting_keeps_to_the_limit(value: str, most: int) -> None:
    assert len(terminal.cut(value, most)) <= most


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "null"), (True, "true"), (12.5, "12.5"), ("Zürich", "Zürich"), (0, "0"), (1, "1")],
)
def test_scalars_are_written_as_json_does(value: object, shown: str) -> None:
    assert terminal.scalar(value) == shown


def test_pointers_become_paths() -> None:
    assert doors.dotted("/line_items/0/amount") == "line_items[0].amount"
    assert doors.dotted("/a~1b/c~0d") == "a/b.c~d"


def test_an_error_shows_where_and_what_next(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_error(ConfigurationError("bad [red]", where="file.pdf", hint="Do that"))
    assert capsys.readouterr().err == "Error  file.pdf: bad [red]\nNext   Do that\n"


def test_an_error_of_the_system_names_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_error(PermissionError(13, "Permission denied", "/secret/place/out.txt"))
    assert capsys.readouterr().err.splitlines()[0] == "Error  out.txt: Permission denied"


def test_a_logs_line_is_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_error(ConfigurationError("word " * 60, hint="what " * 60))
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_paths_are_shown_as_they_would_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert terminal.show_path(tmp_path / "out" / "x.json") == "out/x.json"
