"""Comfort: help with examples, completion, no colour where none is wanted, and text of others that nothing obeys."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from extract_bridge.cli.app import app, start

COMMANDS = [
    (),
    ("demo",),
    ("run",),
    ("bench",),
    ("serve",),
    ("jobs",),
    ("jobs", "list"),
    ("jobs", "show"),
    ("jobs", "wait"),
    ("jobs", "cancel"),
    ("jobs", "collect"),
    ("jobs", "recover"),
    ("schema",),
    ("schema", "check"),
    ("schema", "generate"),
    ("review",),
    ("correct",),
    ("admin",),
    ("admin", "check"),
    ("admin", "purge"),
]
WITH_EXAMPLES = [
    (),
    ("run",),
    ("bench",),
    ("serve",),
    ("jobs", "list"),
    ("jobs", "show"),
    ("jobs", "wait"),
    ("jobs", "cancel"),
    ("jobs", "collect"),
    ("jobs", "recover"),
]


def named(words: tuple[str, ...]) -> object:
    """The command itself, as the program would run it."""
    command: object = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    return command


def test_every_command_is_tested_here() -> None:
    def walk(command: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        below = getattr(command, "commands", {})
        return [path, *(found for name in below for found in walk(below[name], (*path, name)))]

    known = set(COMMANDS)
    assert set(walk(typer.main.get_command(app))) == known


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_fits_and_is_whole(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert start([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Usage: {' '.join(('extract-bridge', *command))} ")
    for line in shown.splitlines()[1:]:
        assert not line.rstrip().endswith("..."), "a sentence that was cut"
        assert len(line) <= 80, line
    missing = [
        option
        for option in getattr(named(command), "params", ())
        if not getattr(option, "help", "") and option.name != "help"
    ]
    assert missing == []


@pytest.mark.parametrize("command", WITH_EXAMPLES, ids=" ".join)
def test_examples_are_commands_that_exist(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert start([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    lines = [line for line in shown.partition("Examples:")[2].split("\n\n")[0].splitlines() if line.strip()]
    assert lines
    for line in lines:
        words = line.partition("extract-bridge ")[2].split()
        command_words = tuple(words[:2]) if words[0] in ("jobs", "schema", "admin") else (words[0],)
        options = {name for option in named(command_words).params for name in option.opts}  # type: ignore[attr-defined]
        assert {word for word in words if word.startswith("-") and word != "-"} <= options, line


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("extract-bridge jo", "jobs"),
        ("extract-bridge jobs ca", "cancel"),
        ("extract-bridge run --tier agentic_", "agentic_plus"),
        ("extract-bridge run --target per_t", "per_table_row"),
        ("extract-bridge run --dry", "--dry-run"),
    ],
)
def test_a_shell_can_complete(typed: str, offered: str) -> None:
    words = typed.split()
    code = "from extract_bridge.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "_EXTRACT_BRIDGE_COMPLETE": "complete_bash",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert offered in done.stdout.split()


def on_terminal(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """A command with a terminal of 80 columns for output and errors: its exit code, and all that the terminal got."""
    ours, theirs = pty.openpty()
    code = "from extract_bridge.cli import main; main()"
    running = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONUTF8": "1",
            "EXTRACT_BRIDGE_OCR": "none",
            "COLUMNS": "80",
            "TERM": "xterm-256color",
            **environment,
        },
    )
    os.close(theirs)
    got = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says the end of a terminal so
            break
        if not part:
            break
        got += part
    os.close(ours)
    return running.wait(), got.decode("utf-8")


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    (folder / "a[red]\x1b]0;title\x07\u202e.txt").write_text("Number: A-17\n")
    (folder / "b.txt").write_text("Number: B-18\n")
    (folder / "schema.json").write_text(
        json.dumps({"type": "object", "properties": {"number": {"type": "string"}}})
    )
    return folder


RUN = ("run", ".", "missing.txt", "--schema", "schema.json", "--out", "out.jsonl")


def test_on_a_terminal_there_is_a_bar_and_the_file(notes: Path) -> None:
    code, shown = on_terminal(notes, *RUN)
    assert code == 1
    assert "Service: local" in shown, "nothing chooses a service, and somebody is there"
    assert "0/4" in shown
    assert re.search(r"3 read, 1 failed, 3 records in out\.jsonl", shown)
    assert "missing.txt: there is no such file" in shown
    assert "\x1b]0;title" not in shown
    assert "\u202e" not in shown


def test_no_color_is_obeyed(notes: Path) -> None:
    code, shown = on_terminal(notes, *RUN, NO_COLOR="1")
    assert code == 1
    assert re.search(r"\x1b\[[\d;]*3[0-7]", shown) is None
    assert "3 read, 1 failed" in shown


def test_a_dumb_terminal_gets_lines(notes: Path) -> None:
    code, shown = on_terminal(notes, *RUN, TERM="dumb")
    assert code == 1
    assert "\x1b" not in shown
    assert "done  b.txt  1 record, 1 page" in shown
    assert "a[red]]0;title.txt" in shown, "as text, not as markup"


def test_a_reader_that_goes_away_ends_it_quietly(notes: Path) -> None:
    code = "from extract_bridge.cli import main; main()"
    command = (
        f"{sys.executable} -c '{code}' run b.txt b.txt --schema schema.json --out /dev/stdout --local | true"
    )
    done = subprocess.run(
        ["bash", "-c", command], cwd=notes, capture_output=True, encoding="utf-8", check=False
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
