"""How integers of any size are shown."""

import math


def show_integer(value: int) -> str:
    """An exact integer if it can be read, else its power of two, exact or rounded.

    >>> show_integer(2**512)
    '2^512'
    """
    if value < 10**15:
        return str(value)
    power = value.bit_length() - 1
    return f"2^{power}" if value == 1 << power else f"about 2^{math.log2(value):.2f}"
