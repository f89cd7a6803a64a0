"""What each trait of a value's evidence weighs in its confidence. Written by tests/benchmarks/fit_confidence.py; not to be edited.

Fitted to 28,834 answers on documents drawn by `extract_bridge.bench`: the layouts that are not held out, seeds
1000 to 1029, one value in ten and one column in a hundred erased. No real document was used.
"""

from typing import Final

VALUES: Final = {
    "always": 1.157,
    "score": 2.581,
    "high": 1.622,
    "rival": -0.618,
    "close": -0.713,
    "support": 0.156,
    "typed": 0.709,
    "place": -0.028,
    "after": 1.035,
    "amount": -0.298,
    "right": 1.253,
    "guess": -1.497,
    "below": -0.466,
}
CELLS: Final = {
    "always": 2.567,
    "fits_well": 1.899,
    "typed": 0.992,
    "long": 0.042,
}
