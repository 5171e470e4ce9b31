"""Every error that tncut raises for a reason of the user's: TncutError, and one class below it for each reason."""


class TncutError(Exception):
    """The base of all errors; its message is one line: what is wrong, where, what would be right."""


class CircuitError(TncutError):
    """A circuit by hand that is no circuit."""


class NetworkError(TncutError):
    """A tensor network by hand that is no network, or a network of another circuit."""


class PartitionError(TncutError):
    """A partition that does not exist, or does not fit its sites."""


class SpecError(TncutError):
    """An architecture, or its file, that says something impossible."""


class MethodError(TncutError):
    """A method or an option that does not exist, or does not apply to what it is given."""


class ResultsError(TncutError):
    """Results that are not there, or not those that a table or a picture needs."""


class ExtraError(TncutError):
    """An optional part that is not installed; the message says how to install it."""


class SizeError(TncutError):
    """A computation that would not fit, refused before it starts."""


class FileError(TncutError):
    """A file that cannot be read or written."""
