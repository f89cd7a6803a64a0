"""The slow parts; those whose packages `[all,test]` does not bring are left alone where they are missing.

`environment` makes interpreters with packages that cannot stand beside this environment's own.
"""

from __future__ import annotations

import subprocess
import sysconfig
import venv
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

collect_ignore = [] if find_spec("schemathesis") else ["test_fuzz.py"]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`environment(*requirements, over_ours=False)` -> an interpreter that has them; made once a session.

    With `over_ours` this environment, and so the project and pytest, lies below: what is required comes before what is here. Without, it has
    nothing of ours. Run a selection of tests with `[python, "-m", "pytest", …]`.
    """
    made: dict[tuple[tuple[str, ...], bool], Path] = {}

    def make(*requirements: str, over_ours: bool = False) -> Path:
        key = (requirements, over_ours)
        if key not in made:
            folder = tmp_path_factory.mktemp("environment")
            venv.create(folder, with_pip=True)
            if over_ours:
                _lay_over_ours(folder)
            _install(folder / "bin" / "python", requirements)
            made[key] = folder / "bin" / "python"
        return made[key]

    return make


def _lay_over_ours(folder: Path) -> None:
    # By addsitedir, not as a path alone: an editable install is a .pth file of its own.
    site = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    below = sysconfig.get_path("purelib")
    (Path(site) / "ours.pth").write_text(f"import site; site.addsitedir({below!r})\n")


def _install(python: Path, requirements: tuple[str, ...]) -> None:
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
