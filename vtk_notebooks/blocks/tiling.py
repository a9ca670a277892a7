"""Tiling: which frames stand for a stretch of film, and how they are laid out as one picture.

After "An Image Grid Can Be Worth a Video: Zero-shot Video Question Answering Using a VLM" (Kim et
al., 2024, arXiv:2403.18406).
"""


def shown(start: int, stop: int, most: int) -> list[int]:
    """The frames that stand for frames start..stop-1: every floor(N / n)-th of N, n at most."""
    n = min(most, stop - start)
    return [start + k * ((stop - start) // n) for k in range(n)]


def tiles(n: int, columns: int = 0) -> tuple[int, int]:
    """Rows and columns of tiles for n frames; round(sqrt(n)) columns unless said."""
    columns = min(columns or round(n**0.5), n)
    return -(-n // columns), columns


def borders(places: int, many: int) -> list[int]:
    """Where each of `many` equal parts begins, and where the last one ends; none is empty."""
    return [k * max(places, many) // many for k in range(many + 1)]
