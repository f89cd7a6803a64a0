"""What each trait of a value's evidence weighs in its confidence. Written by tests/benchmarks/fit_confidence.py; not to be edited.

Fitted to 96,034 answers on documents drawn by `extract_bridge.bench`: the layouts of its groups
`fitted` and `calibration`, each counting alike, seeds 1000 to 1023, made harder: values and labels
erased, labels that stand twice (see the script). No real document was used.
"""

from typing import Final

VALUES: Final = {
    "always": -1.365,
    "score": 3.317,
    "high": 0.824,
    "rival": -0.574,
    "close": -1.067,
    "crowd": -1.346,
    "disputed": -1.219,
    "again": 0.131,
    "whole": 1.605,
    "several": -0.096,
    "support": 1.49,
    "typed": 1.683,
    "place": 1.275,
    "after": -0.531,
    "amount": -0.854,
    "right": 0.247,
    "guess": 1.068,
    "below": -0.268,
    "blank": 0.513,
    "phrase": -1.45,
}
CELLS: Final = {
    "always": -4.779,
    "fits_well": 2.868,
    "typed": 0.127,
    "long": -3.099,
    "filled": 7.241,
}
