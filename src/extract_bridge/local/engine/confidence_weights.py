"""What each trait of a value's evidence weighs in its confidence. Written by tests/benchmarks/fit_confidence.py; not to be edited.

Fitted to 20,647 answers on documents drawn by `extract_bridge.bench`: the layouts that are not held out, seeds
1000 to 1023, one value in twenty and one column in a hundred erased. No real document was used.
"""

from typing import Final

VALUES: Final = {
    "always": 0.85,
    "score": 1.125,
    "high": 1.896,
    "rival": -0.407,
    "close": -1.475,
    "support": 0.517,
    "typed": 1.038,
    "place": 0.185,
    "after": 0.534,
    "amount": -0.757,
    "right": -0.106,
    "guess": -0.058,
    "below": 0.201,
}
CELLS: Final = {
    "always": 2.488,
    "fits_well": 1.52,
    "typed": 0.76,
    "long": -0.2,
}
