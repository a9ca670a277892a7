"""Templates of sentences with time expressions, and the words they are filled with.

`SEEN` is what training sees; `HELD_OUT` shares with it the kinds and as little else as can be: it
has other phrasings, other numbers, other things and other doings.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Words:
    """Templates of expressions by kind, and what stands in their braces.

    Args:
        phrases: templates of each kind.
        slots: fillings by name; braces in them are filled again.
    """

    phrases: Mapping[str, Sequence[str]]
    slots: Mapping[str, Sequence[str]]

    def fill(self, draw: np.random.Generator, template: str) -> str:
        """A template with every brace filled; {who1} is another {who}."""
        while slot := re.search(r"\{(\w+?)\d*\}", template):
            among = self.slots[slot[1]]
            chosen = among[int(draw.integers(len(among)))]
            template = template[: slot.start()] + chosen + template[slot.end() :]
        return template


def _each(text: str) -> tuple[str, ...]:
    """What stands between bars."""
    return tuple(" ".join(part.split()) for part in text.split("|"))


SEEN = Words(
    phrases={
        "duration": _each("""
            for {num} {unit} | for about {num} {unit} | for a few {unit} | for roughly {num} {unit}
            | for more than {num} {unit} | for at least {num} {unit} | for less than {num} {unit}
            | for half a minute | for a moment | lasting {num} {unit} | for over {num} {unit}
            | for a couple of {unit} | for up to {num} {unit} | for {num} or so {unit}
            | for around {num} {unit}"""),
        "order": _each("""
            after {thing} | before {thing} | {soon} after {thing} | {soon} before {thing}
            | after {event} | before {event} | {soon} after {event} | while {event} | when {event}
            | until {event} | as soon as {event} | once {event} | during {thing} | until {thing}
            | {soon} before {event} | following {thing} | just as {event}"""),
        "ordinal": _each("""
            the {ord} time | for the {ord} time | for the last time | the last time
            | on the {ord} try | at the {ord} attempt"""),
        "bounds": _each("""
            at the beginning | at the end | at the start of the {film} | at the end of the {film}
            | in the first half | in the {ord} half of the {film} | in the middle of the {film}
            | from {clock} to {clock1} | between {num} and {num1} {unit} | at {clock}
            | after the first minute | after the first {num} {unit} | in the last {num} {unit}
            | in the first {num} {unit} | around the {num} second mark | near the end of the {film}
            | before {clock} | after {clock} | in the {ord} third of the {film}
            | from {num} to {num1} seconds | near the beginning"""),
    },
    slots={
        "num": _each("two|three|five|ten|twelve|twenty|thirty|2|3|4|10|15|30|8|twenty five|12.5"),
        "ord": _each("first|second|third|fourth|2nd"),
        "unit": ("seconds", "minutes"),
        "film": ("video", "clip", "film"),
        "clock": _each("0:10|0:35|1:05|2:20|12:40|00:05|1:02:10"),
        "adj": _each("red|second|long|loud|first|wooden|small|angry|last|green|empty"),
        "noun": _each("""
            bell|jump|goal|applause|song|car|speech|noise|rain|kick|race|phone call|fight|lesson
            |game|picture|ball|bus|camera|fire"""),
        "being": _each("man|woman|dog|boy|girl|child|runner|player|bird|driver|horse|nurse|baby"),
        "soon": _each("right|just|immediately|soon|long|shortly|exactly|a moment|{num} {unit}"),
        "place": _each("""
            kitchen | garage | corner | window | bridge | station | river | shop | floor
            | field"""),
        "thing": _each("the {noun} | the {adj} {noun} | a {noun} | his {noun} | lunch"),
        "who": _each("""
            a {being} | the {being} | the {adj} {being} | a {being} in a {adj} shirt | she | he
            | they | people | somebody | two {being}s | the {being} with the {noun}"""),
        "does": _each("""
            opens the door | rides a bicycle | jumps | picks up the {noun} | sits on the sofa
            | looks for the {noun} | waves at the camera | talks to the second girl | falls down
            | cuts the third onion | pours water in the glass | runs around the table | stops
            | takes a minute hand | walks from the kitchen to the door | eats the last slice
            | turns on the light | sings | puts the {noun} in the bag | leaves the room
            | waits for the {noun} | looks at the {noun} | sits in the {place} | cooks for {who}
            | stands near the {place} | hides under the {noun} | runs after the {noun}
            | walks between two {being}s | comes from the {place} | sits before the {adj} {noun}
            | cleans the {adj} {noun} | points at the {place} | works for the {adj} {being}
            | dances around the {noun} | swims towards the {place} | stays by the {place}"""),
        "event": _each("{who} {does} | the {noun} stops | the {noun} starts | it rains"),
    },
)
HELD_OUT = Words(
    phrases={
        "duration": _each("""
            for nearly {num} {unit} | for some {num} {unit} | for no more than {num} {unit}
            | for several {unit} | for almost {num} {unit} | for exactly {num} {unit}"""),
        "order": _each("""
            straight after {thing} | prior to {thing} | directly after {event} | as {event}
            | just after {event} | immediately before {thing} | shortly after {thing}"""),
        "ordinal": _each("for the final time | the {ord} time around | on the {ord} attempt"),
        "bounds": _each("""
            within the first {num} {unit} | towards the end of the {film} | around {clock}
            | in the final {num} {unit} | in the last quarter of the {film} | by {clock}
            | in the opening {num} {unit} | between {clock} and {clock1}
            | at the {num} second mark"""),
    },
    slots={
        "num": _each("six|seven|nine|eleven|forty|fifteen|6|7|9|45|20|thirty five|90|2.5"),
        "ord": _each("third|fifth|sixth|3rd"),
        "unit": ("seconds", "minutes"),
        "film": ("recording", "movie", "footage"),
        "clock": _each("0:07|3:33|10:15|04:50|0:59"),
        "thing": _each("""
            the whistle | dinner | the explosion | a short break | the fifth lap | the blue truck
            | the dance | the third question"""),
        "who": _each("""
            a rabbit | the singer | an old lady | the fifth car | a cook in a white hat
            | both players | my brother | the final guest | seven swans"""),
        "does": _each("""
            crosses the street | plays the piano | throws a stone at the wall | laughs
            | washes the sixth plate | reads a book in the garden | hides behind the tree
            | searches for the cat | climbs on the roof | stirs the soup for the guests"""),
        "event": _each("""
            the cat wakes up | he drops the plate | the train arrives
            | the teacher closes the book | the third guest speaks"""),
    },
)
FRAMES: Mapping[bool, Sequence[str]] = {
    False: _each("""
        {who} {does} {time} | {time} , {who} {does} | when does {who} do it {time} ?
        | {who} {does} {time} {time1} | {who} {does} | {who} {does} and {does1} {time} .
        | find {who} who {does} {time} | {who} , {time} , {does} | what happens {time} ?
        | {who} {does} {time} , then {does1} | does {who} appear ? | {time} {who} {does} .
        | show me the {adj} part | {who} {does} twice | the moment {who} {does}
        | where is {who} {time} ? | watch {who} {time}"""),
    True: _each("""
        {who} {does} {time} . | where {time} is it that {who} {does} ? | {who} {does1} .
        | {time} , {who} {does} , and {who1} {does1} | look for {who} : {does} {time}
        | I want to see how {who} {does} {time} | {who} {does} {time} {time1} .
        | is there {who} ?"""),
}
"""Sentences: those that training sees, and those that it does not."""
