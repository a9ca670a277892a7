"""Trouble: what could not be read, gathered while decoding and told once, where people see it."""

import warnings


class DecodeWarning(UserWarning):
    """A film is cut off or damaged; what could be read was returned."""


class Trouble:
    """The damaged places that one operation met on its way through a film."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._places_s: list[float | None] = []

    def __bool__(self) -> bool:
        return bool(self._places_s)

    def damage(self, time_s: float | None) -> None:
        """Note a packet or frame that cannot be read properly, and its time where it has one."""
        self._places_s.append(time_s)

    @property
    def text(self) -> str:
        """What happened and what it means, for people."""
        times = [t for t in self._places_s if t is not None]
        where = f" between {min(times):.2f} s and {max(times):.2f} s" if times else ""
        return (
            f"{self._name!r} is damaged{where}: frames there are missing or wrong, all others were "
            "read. Get a fresh copy if you need that part."
        )


def tell(text: str) -> None:
    """Warn in the notebook; every film says each thing once."""
    warnings.warn(text, DecodeWarning, stacklevel=4)
