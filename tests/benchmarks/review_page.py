"""What a review page costs: one page's size, and the time that a hundred pages with forty rows each take.

    python tests/benchmarks/review_page.py [--rounds 3] [--pages 100]

The document is drawn and its records are made before the clock starts; `review` itself renders, encodes and writes. Processor time of this
process, and the size of the file. Prints medians; asserts nothing.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import tempfile
import time
from pathlib import Path

from extract_bridge import review


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=100)
    options = parser.parse_args()
    scenes = _scenes()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "review.html"
        for pages in (1, options.pages):
            scene = scenes.table(pages * 40)
            spent, passed = [], []
            for _ in range(options.rounds):
                cpu, wall = time.process_time(), time.perf_counter()
                made = review(scene.records, out, documents=scene.documents)
                spent.append(time.process_time() - cpu)
                passed.append(time.perf_counter() - wall)
            print(
                f"{pages:>4} pages, {made.fields:>6} fields: {statistics.median(spent):6.2f} s of processor,"
                f" {statistics.median(passed):6.2f} s by the clock, {out.stat().st_size / 1000:,.0f} kB"
            )


def _scenes():
    path = Path(__file__).parents[1] / "review" / "scenes.py"
    spec = importlib.util.spec_from_file_location("review_scenes", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
