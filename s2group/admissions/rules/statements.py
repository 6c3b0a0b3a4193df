"""What an applicant says, ticks or uploads."""

from dataclasses import dataclass

from s2group.admissions.rules.outcomes import Outcome, Reason, Verdict
from s2group.admissions.rules.requirements import Answers, Requirement


@dataclass(frozen=True)
class StatusAmong(Requirement):
    """One of a few answers, of which each is known to meet the requirement, to leave it open, or not to meet it."""

    met: tuple[str, ...]
    unknown: tuple[str, ...]
    not_met: tuple[str, ...]

    def judge(self, answers: Answers) -> Outcome:
        """The answer itself is the reason."""
        answer = answers.get(self.field)
        verdicts = {Verdict.MET: self.met, Verdict.UNKNOWN: self.unknown, Verdict.NOT_MET: self.not_met}
        for verdict, values in verdicts.items():
            if isinstance(answer, str) and answer in values:
                return self._outcome(verdict, Reason.STATUS, value=answer)
        return self._unanswered(answer)


@dataclass(frozen=True)
class Declared(Requirement):
    """Something that only the applicant can say of themselves, by ticking it."""

    def judge(self, answers: Answers) -> Outcome:
        """Unticked says nothing: it is UNKNOWN, never NOT_MET."""
        ticked = answers.get(self.field)
        if isinstance(ticked, list | tuple) and self.key in ticked:
            return self._outcome(Verdict.MET, Reason.DECLARED)
        return self._outcome(Verdict.UNKNOWN, Reason.NOT_DECLARED)


@dataclass(frozen=True)
class DocumentPresent(Requirement):
    """A document of one kind, such as a transcript."""

    document: str

    @property
    def quick_fields(self) -> frozenset[str]:
        """None: a check takes no files."""
        return frozenset()

    def judge(self, answers: Answers) -> Outcome:
        """Where nothing is known of documents, as before any could be uploaded, it is UNKNOWN."""
        uploaded = answers.get(self.field)
        if not isinstance(uploaded, list | tuple):
            return self._unanswered(uploaded, document=self.document)
        if self.document in uploaded:
            return self._outcome(Verdict.MET, Reason.UPLOADED, document=self.document)
        return self._outcome(Verdict.NOT_MET, Reason.NOT_UPLOADED, document=self.document)
