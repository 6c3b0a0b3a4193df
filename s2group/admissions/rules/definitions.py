"""Reading requirements from a content file, with an error that says what to mend."""

from collections.abc import Callable

from s2group.admissions.rules.composites import AllOf, AnyOf, with_parts
from s2group.admissions.rules.entries import Entry, entry
from s2group.admissions.rules.measures import AMOUNTS, AmountAtLeast, CountAtLeast, LengthAtLeast, RankWithin
from s2group.admissions.rules.requirements import Requirement
from s2group.admissions.rules.scores import ScoreAtLeast
from s2group.admissions.rules.statements import Declared, DocumentPresent, StatusAmong

# A requirement, its parts and their parts: nobody reads further.
DEEPEST = 2


def _score(entry: Entry) -> Requirement:
    entry.only("field", "low", "high", "minimum", "alternatives")
    scale = entry.scale()
    others = [Entry(f"{entry.name}, alternatives", other) for other in entry.list_of(dict, "alternatives")]
    return ScoreAtLeast(*entry.common(), scale.field, scale, tuple(other.scale() for other in others))


def _rank(entry: Entry) -> Requirement:
    entry.only("percent")
    return RankWithin(*entry.common(), "rank", entry.number_within("percent", 100))


def _status(entry: Entry) -> Requirement:
    entry.only("field", "met", "unknown", "not_met")
    met, unknown, not_met = (tuple(entry.list_of(str, name)) for name in ("met", "unknown", "not_met"))
    entry.expect(bool(met), "'met' must name at least one answer")
    values = met + unknown + not_met
    entry.expect(len(set(values)) == len(values), "an answer stands in two of 'met', 'unknown' and 'not_met'")
    return StatusAmong(*entry.common(), entry.question("status"), met, unknown, not_met)


def _count(entry: Entry) -> Requirement:
    field = entry.question("count")
    entry.only("field", "minimum", *(("status_in", "position_at_most") if field == "papers" else ()))
    position = entry.whole_number("position_at_most") if "position_at_most" in entry.data else None
    return CountAtLeast(*entry.common(), field, entry.whole_number("minimum"), entry.statuses(), position)


def _document(entry: Entry) -> Requirement:
    entry.only("document")
    return DocumentPresent(*entry.common(), "documents", entry.document())


def _length(entry: Entry) -> Requirement:
    entry.only("field", "minimum")
    return LengthAtLeast(*entry.common(), entry.question("length"), entry.whole_number("minimum"))


def _amount(entry: Entry) -> Requirement:
    entry.only("field", "minimum")
    field = entry.question("amount")
    _unit, most = AMOUNTS[field]
    return AmountAtLeast(*entry.common(), field, entry.number_within("minimum", most))


def _all_of(entry: Entry) -> Requirement:
    return AllOf(*entry.common(), "", _parts(entry))


def _any_of(entry: Entry) -> Requirement:
    return AnyOf(*entry.common(), "", _parts(entry))


def _parts(entry: Entry) -> tuple[Requirement, ...]:
    entry.only("parts")
    entry.expect(entry.depth < DEEPEST, "parts lie too deep: a part of a part can have none")
    parts = entry.parts()
    entry.expect(len(parts) > 1, "'parts' must hold at least two requirements")
    return tuple(_read(part) for part in parts)


def _declared(entry: Entry) -> Requirement:
    entry.only()
    return Declared(*entry.common(), "declared")


KINDS: dict[str, Callable[[Entry], Requirement]] = {
    "score": _score,
    "rank": _rank,
    "status": _status,
    "count": _count,
    "document": _document,
    "length": _length,
    "amount": _amount,
    "all_of": _all_of,
    "any_of": _any_of,
    "declared": _declared,
}


def _read(entry: Entry) -> Requirement:
    entry.text("key")
    return KINDS[entry.one_of("kind", tuple(KINDS))](entry)


def read_requirements(data: object) -> list[Requirement]:
    """The requirements that `data`, a list of tables as in a call's content file, defines.

    Raises ValueError saying which requirement is wrong and what it must be.
    """
    if not isinstance(data, list):
        raise ValueError("requirements: must be a list of tables")  # noqa: TRY004 - the file is wrong, not the call
    requirements = [_read(entry(number, table)) for number, table in enumerate(data, 1)]
    keys = [part.key for requirement in requirements for part in with_parts(requirement)]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"requirements: key used twice: {', '.join(twice)}")
    return requirements
