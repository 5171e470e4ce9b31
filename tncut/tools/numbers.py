"""How integers of any size, and their logarithms, are shown."""

import math
from decimal import ROUND_CEILING, Context


def show_integer(value: int) -> str:
    """An exact integer if it can be read, else its power of two, exact or rounded.

    >>> show_integer(2**512)
    '2^512'
    """
    if value < 10**15:
        return str(value)
    power = value.bit_length() - 1
    return f"2^{power}" if value == 1 << power else f"about 2^{math.log2(value):.2f}"


def show_upper(bits: float) -> str:
    """An upper end in bits with six digits, rounded up: what is shown is a bound too.

    >>> show_upper(math.log2(3))
    '1.58497'
    >>> show_upper(512.0)
    '512'
    """
    shown = Context(prec=6, rounding=ROUND_CEILING).create_decimal_from_float(bits).normalize()
    return f"{shown:f}" if shown < 10**15 else f"{shown}"
