"""Numbers and shapes as the window writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.ui.format import MINUS, THIN, delta, shape, si, size, thousands
from resnet_studio.written import firm


@pytest.mark.parametrize(
    ("number", "text"),
    [(25_557_032, "25.6 M"), (4_089_184_256, "4.09 G"), (999, "999"), (999_499, "999 k"), (999_500, "1.00 M"),
     (0, "0"), (0.5, "0.50"), (-38_000, "-38.0 k"), (1_000, "1.00 k"), (99_960, "100 k")],
)  # fmt: skip
def test_si(number: float, text: str) -> None:
    assert si(number) == text.replace(" ", THIN).replace("-", MINUS)


def test_the_rest_of_the_figures() -> None:
    assert thousands(25_557_032) == f"25{THIN}557{THIN}032"
    assert delta(0) == "±0"
    assert delta(21e6) == f"+21.0{THIN}M"
    assert delta(-400_000, "B") == f"{MINUS}400{THIN}kB"
    assert size(102_228_128) == f"102{THIN}MB"
    assert shape((256, 28, 28)) == "256·28²"
    assert shape((256, 28, 14)) == "256·28×14"
    assert shape((1000,)) == "1000"


@given(st.integers(-(10**15), 10**15))
def test_si_never_lies_by_more_than_half_a_percent(number: int) -> None:
    scales = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
    digits, _, prefix = si(number).replace(MINUS, "-").partition(THIN)
    assert float(digits) * scales.get(prefix, 1) == pytest.approx(number, rel=0.0051)


def test_numbers_stay_in_one_piece() -> None:
    assert THIN == "\u202f"  # the narrow space at which no line breaks
    assert firm("errs 24.80 → 23.29 % for 5 nets") == "errs 24.80\u00a0→\u00a023.29\u00a0% for 5 nets"
    assert firm("x → 3, a % of it") == "x → 3, a % of it"
