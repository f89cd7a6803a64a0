"""Records beside the pages that they were read from, for a person to look at: one HTML file, and corrections back.

`extract_bridge.review` names two things: the public function, and this package once something in it has been imported. Whichever
of them a caller holds, calling it makes a review page.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    def __call__(self, *args: Any, **keywords: Any) -> Any:
        from extract_bridge.review.build import review  # noqa: PLC0415 - loaded when it is used

        return review(*args, **keywords)


sys.modules[__name__].__class__ = _Room
