"""What each trait of a value's evidence weighs in its confidence. Written by tests/benchmarks/fit_confidence.py; not to be edited.

Fitted to 26,248 answers on documents drawn by `extract_bridge.bench`: the layouts that are not held out, seeds
1000 to 1029, one value in ten and one column in a hundred erased. No real document was used.
"""

from typing import Final

VALUES: Final = {
    "always": 1.355,
    "score": 2.242,
    "high": 2.012,
    "rival": -0.393,
    "close": -0.902,
    "support": 0.141,
    "typed": 0.587,
    "place": -0.379,
    "after": 1.061,
    "amount": -0.299,
    "right": 1.289,
    "guess": -1.409,
    "below": -0.262,
}
CELLS: Final = {
    "always": 2.311,
    "fits_well": 1.814,
    "typed": 0.833,
    "long": -0.194,
}
