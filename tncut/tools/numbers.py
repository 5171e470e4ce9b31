"""How integers of any size, and their logarithms, are written and shown."""

import json
import math
from decimal import ROUND_CEILING, Context, Decimal
from typing import Any

# Python refuses to write or read an integer of more than 4300 digits, a limit of the whole process. Decimals have no
# such limit, and an integer becomes a decimal and back exactly.


def exact_text(value: int) -> str:
    """All digits of an integer, however many."""
    return format(Decimal(value), "f")


def exact_integer(text: str) -> int:
    """The integer that `exact_text` wrote.

    >>> exact_integer(exact_text(4**9000)) == 4**9000
    True
    """
    return int(Decimal(text))


def exact_json(data: Any) -> str:
    """Plain data as one line of JSON, with all digits of every integer.

    >>> exact_json({"rank": 8, "bits": [3.0, None]})
    '{"rank": 8, "bits": [3.0, null]}'
    """
    try:
        return json.dumps(data)
    except ValueError:  # an integer has more digits than Python writes
        pass
    if isinstance(data, dict):
        return f"{{{', '.join(f'{json.dumps(key)}: {exact_json(value)}' for key, value in data.items())}}}"
    if isinstance(data, list | tuple):
        return f"[{', '.join(map(exact_json, data))}]"
    return exact_text(data)


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
