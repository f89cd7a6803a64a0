"""What each trait of a value's evidence weighs in its confidence. Written by tests/benchmarks/fit_confidence.py; not to be edited.

Fitted to 57,651 answers on documents drawn by `extract_bridge.bench`: the layouts that are not held out, seeds
1000 to 1059, made harder: values and labels erased, labels that stand
twice (see the script). No real document was used.
"""

from typing import Final

VALUES: Final = {
    "always": 0.871,
    "score": 3.081,
    "high": 1.232,
    "rival": -0.435,
    "close": -2.04,
    "crowd": 0.142,
    "disputed": -2.786,
    "again": 1.757,
    "own": 0.434,
    "support": 0.955,
    "typed": 0.531,
    "place": -0.104,
    "after": 1.217,
    "amount": -1.421,
    "right": 1.614,
    "guess": -1.075,
    "below": -0.231,
}
CELLS: Final = {
    "always": 2.818,
    "fits_well": 2.397,
    "typed": 0.387,
    "long": 0.21,
}
