"""Every error that tncut raises for a reason of the user's.

TncutError
├── CircuitError        a circuit by hand that is no circuit
├── NetworkError        a tensor network by hand that is no network
├── PartitionError      a partition that does not fit its sites
├── SpecError           an architecture, or its file, that says something impossible
├── MethodError         a method that does not exist, or cannot serve this input
├── ResultsError        results that are not there, or not those that a table or picture needs
├── ExtraError          an optional part that is not installed
├── SizeError           a computation that would not fit, refused before it starts
└── FileError           a file that cannot be read or written
"""


class TncutError(Exception):
    """The base of all; its message is one line: what is wrong, where, what would be right."""


class CircuitError(TncutError): ...


class NetworkError(TncutError): ...


class PartitionError(TncutError): ...


class SpecError(TncutError): ...


class MethodError(TncutError): ...


class ResultsError(TncutError): ...


class ExtraError(TncutError): ...


class SizeError(TncutError): ...


class FileError(TncutError): ...
