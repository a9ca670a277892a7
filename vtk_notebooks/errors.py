"""The errors we raise on purpose: who was asked, what was expected, what came, what to do."""

from typing import Any


class VtkError(ValueError):
    """Base of every error a user can cause; the message is one sentence and one piece of advice.

    Args:
        who: the function, class or file that was asked.
        expected: what it works on.
        got: what came instead.
        hint: what to do now.
    """

    def __init__(self, who: str, expected: str, got: object, hint: str = "") -> None:
        self.who, self.expected, self.got, self.hint = who, expected, got, hint
        super().__init__(f"{who} expects {expected}, got {got}. {hint}".strip())

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by parts: errors cross process borders in sweeps."""
        return type(self), (self.who, self.expected, self.got, self.hint)


class ShapeError(VtkError):
    """A tensor does not have the shape that a mechanism works on."""


class SpaceError(VtkError):
    """Two vectors were about to be compared that live in different feature spaces."""


class UnknownNameError(VtkError, KeyError):
    """No such mechanism, parameter, film or paper; the hint names the nearest one.

    Names that would have been right are in `known`.
    """

    known: tuple[str, ...] = ()
    __str__ = ValueError.__str__

    def __reduce__(self) -> tuple[Any, ...]:
        return *super().__reduce__(), {"known": self.known}


class DecodeError(VtkError):
    """A film cannot be opened or read."""


class WeightsError(VtkError):
    """Weights are missing, or are not the ones we know."""


class CancelledError(VtkError):
    """Somebody asked a long call to stop, and it did."""


class RecipeError(VtkError):
    """A recipe names something impossible."""


class StoreError(VtkError):
    """A stored result cannot be read or written."""
