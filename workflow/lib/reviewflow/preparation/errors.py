"""What no formula can mend."""


class Impossible(ValueError):
    """Raised where printed numbers cannot be what they are said to be; the text says why, for people."""


def require(holds: bool, why: str) -> None:
    """Raise `Impossible` with `why` unless something holds."""
    if not holds:
        raise Impossible(why)
