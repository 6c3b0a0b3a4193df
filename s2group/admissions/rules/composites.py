"""Requirements made of others."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from s2group.admissions.rules.outcomes import Outcome, Reason, Verdict
from s2group.admissions.rules.requirements import Answers, Requirement
from s2group.admissions.rules.statements import Declared


@dataclass(frozen=True)
class Composite(Requirement):
    """A requirement whose verdict follows from those of its parts; the parts weigh what it weighs."""

    parts: tuple[Requirement, ...]

    @property
    def quick_fields(self) -> frozenset[str]:
        """What any part looks at."""
        return frozenset().union(*(part.quick_fields for part in self.parts))

    @property
    @abstractmethod
    def reason(self) -> Reason:
        """Which of the two it is."""

    @property
    @abstractmethod
    def ranking(self) -> tuple[Verdict, ...]:
        """The verdicts in the order in which one of them among the parts decides."""

    def judge(self, answers: Answers) -> Outcome:
        """The outcomes of all parts are kept with the verdict."""
        parts = tuple(part.judge(answers) for part in self.parts)
        verdict = next(verdict for verdict in self.ranking if verdict in {part.verdict for part in parts})
        return self._outcome(verdict, self.reason, parts=parts)


@dataclass(frozen=True)
class AllOf(Composite):
    """Every part is asked for."""

    reason = Reason.ALL_OF
    ranking = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET)


@dataclass(frozen=True)
class AnyOf(Composite):
    """One part is enough."""

    reason = Reason.ANY_OF
    ranking = (Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET)


def with_parts(requirement: Requirement) -> Iterator[Requirement]:
    """The requirement and everything that it is made of."""
    yield requirement
    for part in requirement.parts if isinstance(requirement, Composite) else ():
        yield from with_parts(part)


def declarations(requirements: Iterable[Requirement]) -> list[Declared]:
    """What the applicant is to tick, wherever among the requirements it stands."""
    every = (part for requirement in requirements for part in with_parts(requirement))
    return [part for part in every if isinstance(part, Declared)]
