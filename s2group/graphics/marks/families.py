"""The ways in which a subject is drawn. A group chooses a family, and an area of it may have one of its own."""

from collections.abc import Callable
from math import cos, hypot, pi, sin, tau

from s2group.graphics.marks.plate import Ink, Plate
from s2group.graphics.marks.subject import Subject


def waveform(plate: Plate, subject: Subject) -> None:
    """One voice; as much of it in full ink as is the group's own."""
    moments = plate.moments()
    for moment, (loud, _word) in zip(moments, subject.loudness(moments), strict=True):
        plate.upright("m1" if moment < max(0.2, subject.share) else "m2", moment, 0.5 - loud * 0.46, 0.5 + loud * 0.46)


def turns(plate: Plate, subject: Subject) -> None:
    """A conversation: who speaks stands above the line, who answers below it."""
    moments = plate.moments()
    for moment, (loud, word) in zip(moments, subject.loudness(moments), strict=True):
        if word % 2:
            plate.upright("m2", moment, 0.48, 0.48 - loud * 0.46)
        else:
            plate.upright("m1", moment, 0.52, 0.52 + loud * 0.46)


def ridges(plate: Plate, subject: Subject) -> None:
    """Readings of one moment, layered like hills."""
    chance, rows = subject.chance(), max(4, min(subject.voices + 2, plate.height // 12, 8))
    waves = [(turn, chance.random(), 0.4 + 0.6 * chance.random()) for turn in (1, 2, 3)]
    count = 24 if plate.ring else max(16, plate.width // 10)
    for row in range(rows):
        points = []
        for index in range(count + (not plate.ring)):
            u = index / count
            swell = sum(size * sin(tau * (turn * u + phase + 0.03 * row * turn)) for turn, phase, size in waves) / 2
            points.append((u, 0.14 + 0.68 * row / rows + (0.08 + 0.1 * row / rows) * swell))
        plate.stroke("m2" if row % 3 else "m1", points, 1.5, closed=plate.ring)


def spectrum(plate: Plate, subject: Subject) -> None:
    """A spectrogram of which one stretch does not fit: it is dark, and out of register."""
    chance, rows = subject.chance(), 4 if plate.ring else max(4, min(8, plate.height // 12))
    begin = 0.2 + 0.4 * chance.random()
    end = begin + 0.14 + 0.14 * subject.share
    moments = plate.moments()[:: 1 if plate.ring else 2]
    for moment, (loud, _word) in zip(moments, subject.loudness(moments), strict=True):
        odd = begin < moment < end
        for row in range(rows):
            if chance.random() < 0.2 + 0.75 * loud - 0.05 * row:
                low = (row + (0.1 if odd else 0.35)) / rows
                plate.upright("m1" if odd else "m2", moment, low, low + 0.55 / rows, 4 if plate.length > 240 else 3)


def splice(plate: Plate, subject: Subject) -> None:
    """A recording cut in two places, and the new words between the cuts."""
    moments = plate.moments()
    begin = round((0.24 + 0.3 * subject.chance().random()) * len(moments))
    end = min(len(moments) - 1, begin + max(3, round((0.16 + 0.16 * subject.share) * len(moments))))
    for index, (loud, _word) in enumerate(subject.loudness(moments)):
        cut, new = index in (begin, end), begin < index < end
        reach, weight = (0.5, 1) if cut else (loud * 0.42, 3 if new else 2)
        ink: Ink = "m1" if cut or new else "m2"
        plate.upright(ink, moments[index], 0.5 - reach, 0.5 + reach, weight)


def echoes(plate: Plate, subject: Subject) -> None:
    """Speech in a room: fronts that leave a mouth, and what a wall sends back."""
    chance = subject.chance()
    if plate.ring:
        for row in range(5):
            turn, reach = chance.random(), 0.12 + 0.26 * chance.random()
            plate.stroke("m1", _arc(turn, reach, row / 4), 1.5)
            plate.stroke("m2", _arc(turn + 0.5, 0.44 - reach, row / 4), 1.5)
        return
    near, far = 0.3 + 0.12 * chance.random(), 0.84 + 0.1 * chance.random()
    rings = max(4, int(plate.width / 34))
    fronts: tuple[tuple[Ink, float, float, int], ...] = (("m1", near, 0.0, 11), ("m2", far, 1.0, 8))
    for ink, at, floor, gap in fronts:
        for ring in range(1, rings + 1 if not floor else rings // 2 + 2):
            spread = pi * (0.62 + 0.36 * chance.random())
            angles = [spread * (step / 12 - 0.5) for step in range(13)]
            side = -1 if floor else 1
            points = [
                (at + ring * gap * sin(angle) / plate.width, floor + side * ring * gap * cos(angle) / plate.height)
                for angle in angles
            ]
            plate.stroke(ink, points, 1.5)
        plate.dot(ink, at, floor, 8)


def _arc(middle: float, reach: float, height: float) -> list[tuple[float, float]]:
    return [(middle + reach * (step / 6 - 1), height) for step in range(13)]


def stems(plate: Plate, subject: Subject) -> None:
    """A script that is written downwards: each word a stem, each letter a tooth."""
    moments = plate.moments()[:: 2 if plate.ring else 3]
    width = 0.3 * (moments[1] - moments[0])
    for moment, (loud, word) in zip(moments, subject.loudness(moments), strict=True):
        foot = 0.92 - 0.84 * max(0.35, loud)
        ink: Ink = "m1" if word % 3 else "m2"
        plate.stroke(ink, ((moment, 1), (moment, foot), (moment + width, foot + 0.07)), 2)
        teeth = 2 if plate.ring else max(2, min(5, round(loud * 5)))
        for tooth in range(teeth):
            high = 0.94 - (0.9 - foot) * (tooth + 0.5) / teeth
            plate.stroke(ink, ((moment, high), (moment - width, high + 0.05)), 1.5)


def grid(plate: Plate, subject: Subject) -> None:
    """Patches of a picture, and the window that looks at them."""
    chance, cell = subject.chance(), 10 if plate.ring else 12
    columns, rows = max(8, int(plate.length // cell)), 3 if plate.ring else max(3, plate.height // cell)
    wide, tall = max(2, round(columns * (0.14 + 0.16 * subject.share))), max(2, round(rows * 0.6))
    left, low = chance.randrange(1, columns - wide), chance.randrange(rows - tall + 1)
    moments = [(column + 0.5) / columns for column in range(columns)]
    for column, (loud, _word) in enumerate(subject.loudness(moments)):
        for row in range(rows):
            seen = left <= column < left + wide and low <= row < low + tall
            if chance.random() < (0.9 if seen else 0.2 + 0.45 * loud):
                begin, height = (column + 0.14) / columns, (row + 0.5) / rows
                plate.stroke("m1" if seen else "m2", ((begin, height), (begin + 0.7 / columns, height)), cell * 0.7)


def graph(plate: Plate, subject: Subject) -> None:
    """Who works with whom: nodes, and a hub for each voice that is the group's own."""
    chance, count = subject.chance(), max(10, min(30, int(plate.length * plate.height // 1100)))
    nodes = [((index + 0.2 + 0.6 * chance.random()) / count, 0.1 + 0.8 * chance.random()) for index in range(count)]
    hubs = set(chance.sample(range(count), max(1, min(count, round(subject.voices * subject.share)))))
    across = plate.length / plate.height
    for index, (u, v) in enumerate(nodes):
        away = [hypot((u - other_u) * across, v - other_v) for other_u, other_v in nodes]
        near = sorted(range(count), key=away.__getitem__)
        for other in near[1 : 5 if index in hubs else 3]:
            plate.stroke("m1" if index in hubs else "m2", (nodes[index], nodes[other]), 1)
        plate.dot("m1" if index in hubs else "m2", u, v, 8 if index in hubs else 5)


def strata(plate: Plate, subject: Subject) -> None:
    """Beds laid down one after another, a fault through them, and one seam."""
    chance, beds = subject.chance(), 5 if plate.ring else max(5, min(12, plate.height // 9))
    cut, seam, points = chance.randrange(8, 16), chance.randrange(1, beds - 1), 24
    bends = [loud for loud, _word in subject.loudness([index / points for index in range(points + 1)])]
    for bed in range(beds):
        for part, drop in ((range(cut + 1), 0.0), (range(cut, points + 1), 0.08 + 0.1 * subject.share)):
            line = [(index / points, (bed + 0.9) / (beds + 1) + 0.06 * bends[index] - drop) for index in part]
            plate.stroke("m1" if bed == seam else "m2", line, 4 if bed == seam else 1.5)


# In these all papers of a group together are a recording; in the others they are a mosaic.
SOUNDS = frozenset({"waveform", "turns", "ridges", "spectrum", "splice", "echoes", "stems"})
FAMILIES: dict[str, Callable[[Plate, Subject], None]] = {
    family.__name__: family
    for family in (waveform, turns, ridges, spectrum, splice, echoes, stems, grid, graph, strata)
}
