"""Line-up: who is behind each letter? What the labs' blind exercises have in common."""

from collections.abc import Mapping, Sequence

from vtk_notebooks.labs.mark import Mark, is_open, unanswered, wrong


def confused(answer: object, names: Mapping[str, str], line_up: Sequence[str]) -> set[str] | Mark:
    """Who was taken for somebody else; a mark where the answer names nobody or somebody twice.

    Args:
        answer: a name of the line-up for each letter.
        names: the true ones.
        line_up: all that there are.
    """
    if is_open(answer):
        return unanswered("a name for each letter")
    if not isinstance(answer, Mapping) or set(answer) != set(names):
        letters = ", ".join(sorted(names))
        return wrong("It takes a name for each of the letters.", f"These: {letters}.")
    if sorted(map(str, answer.values())) != sorted(line_up):
        return wrong("Somebody is missing, or there twice.", f"The line-up: {', '.join(line_up)}.")
    return {str(answer[letter]) for letter, name in names.items() if answer[letter] != name}


def some_wrong(off: set[str], line_up: Sequence[str], hint: str) -> Mark:
    """How many are right, and where to look."""
    return wrong(f"{len(line_up) - len(off)} of {len(line_up)} are right.", hint)
