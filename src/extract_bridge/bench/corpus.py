"""The generated corpus: layouts, seeds, and which of them nothing may be fitted to."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, get_args

from extract_bridge.bench.layouts import LAYOUTS, Layout
from extract_bridge.bench.layouts.kinds import Group
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract_bridge.bench.document import BenchDocument

FITTED_SEEDS = range(1000, 2000)
"""Seeds that are kept for fitting something to: the weights of the engine's confidence. Nothing may be fitted to the others."""
DEFAULT_SEED = 7


def choose_layouts(names: Iterable[str] = ()) -> list[Layout]:
    """Layouts by name, by family, or by group.

    Args:
        names: Layouts, families, or groups: `fitted`, `fresh`, `calibration` and `held-out`, see `Layout.group`; none is all.
            The hidden ones are chosen together or not at all: what each of them comes to is nobody's business.

    Raises:
        ConfigurationError: there is no such layout.
    """
    wanted = [name for name in names if name != "all"]
    chosen: dict[str, Layout] = {}
    for name in wanted:
        found = [item for item in LAYOUTS if name in _names(item)]
        if not found:
            raise ConfigurationError(
                f'there is no layout "{name}"',
                where="layouts",
                hint=f"Choose {', '.join(get_args(Group))}, or of: "
                + ", ".join(sorted({item.family for item in LAYOUTS if not item.hidden})),
            )
        chosen.update({item.name: item for item in found})
    return list(chosen.values()) if wanted else list(LAYOUTS)


def _names(item: Layout) -> tuple[str, ...]:
    return (item.group,) if item.hidden else (item.group, item.family, item.name)


def generate(
    documents: int, seed: int = DEFAULT_SEED, layouts: Iterable[Layout] = LAYOUTS
) -> Iterator[BenchDocument]:
    """Documents by turns from each layout; the same arguments give the same bytes.

    Args:
        documents: How many.
        seed: Of every choice in them. Each document has chance of its own, so that more documents begin with the same ones.
        layouts: What to draw.
    """
    options = list(layouts)
    for number in range(documents):
        layout = options[number % len(options)]
        yield layout.draw(Random(f"{seed}/{layout.name}/{number}"), number)  # noqa: S311 - no secret is made
