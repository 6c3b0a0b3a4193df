"""What the values of fields are called, in both languages, as the portal's own pages call them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.queries import newest_requirements, routes_of_all_calls
from s2group.admissions.rules import Requirement, Wording, read_requirements
from s2group.admissions.rules.states import State
from s2group.admissions.wording import DOCUMENTS, QUESTIONS, STATES, first_clause
from s2group.core.i18n import in_language
from s2group.evaluation.search.rules.kinds import Value
from s2group.evaluation.tags.queries import tags_visible_to

# What is also called otherwise.
ALSO: dict[Any, tuple[str, ...]] = {State.SUBMITTED: ("new", "待初筛", "to screen")}
LEVELS = (
    Value("required", Wording("必备", "Required")),
    Value("preferred", Wording("优先", "Preferred")),
)
HAVING = (
    Value("paper", Wording("论文", "Paper"), ("papers",)),
    Value("letter", Wording("推荐信", "Letter"), ("letters",)),
    Value("awaited-letter", Wording("还没到的推荐信", "Letter awaited")),
    Value("portfolio", Wording("作品或代码", "Works or code"), ("code", "repository", "代码仓库", "作品")),
    Value("scan", Wording("没有文字的文件", "A file without text"), ("扫描件",)),
    Value("requested", Wording("补充材料", "Requested document")),
    Value("difference", Wording("与简历不一样的地方", "A difference from the résumé"), ("不一样",)),
)
ME = (Value("me", Wording("我", "me")),)
ME_OR_NOBODY = (*ME, Value("nobody", Wording("没有人", "nobody")))
MAILS = (
    Value("stuck", Wording("没送到", "Not delivered")),
    Value("bounced", Wording("退回", "Bounced")),
    Value("waiting", Wording("等待发送", "Waiting")),
    Value("sending", Wording("发送中", "Sending")),
    Value("written", Wording("写成文件", "Written to a file")),
    Value("accepted", Wording("已送达", "Accepted")),
)
LANGUAGES = (Value("zh", Wording("中文", "Chinese")), Value("en", Wording("英文", "English"), ("英语",)))


def translated(words: Any) -> Wording:
    """A lazy text of the catalogue in both languages."""
    with in_language("zh"):
        zh = str(words)
    with in_language("en"):
        return Wording(zh, str(words))


def values_of(words: Mapping[Any, Any]) -> list[Value]:
    """A value for each key of a table of lazy texts."""
    return [Value(str(key), translated(text), ALSO.get(key, ())) for key, text in words.items()]


@cache
def states() -> list[Value]:
    """Where an application may stand; looked up in the catalogues once, because changing the language takes long."""
    return values_of(STATES)


@cache
def documents() -> list[Value]:
    """The kinds of document, likewise."""
    return values_of(DOCUMENTS)


class Vocabulary:
    """The values that a search by `user` may name, each kind read once and only where a search needs it."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.routes: Callable[[], list[AdmissionRoute]] = cache(routes_of_all_calls)
        self.route_values = cache(lambda: list(self._routes()))
        self.call_values = cache(lambda: list(self._calls()))
        self.requirements = cache(lambda: [*LEVELS, *self._requirements()])
        self.states = states
        self.tags = cache(lambda: [Value(tag.key, Wording(tag.name, tag.name)) for tag in tags_visible_to(user)])
        self.having = cache(lambda: [*HAVING, *documents()])

    def routes_called(self, key: str) -> list[int]:
        """The ids of the routes with this key, of any call."""
        return [route.id for route in self.routes() if route.key == key]

    def routes_of_call(self, key: str) -> list[int]:
        """The ids of the routes of the call with this key."""
        return [route.id for route in self.routes() if route.call.key == key]

    def _routes(self) -> Iterator[Value]:
        for key, routes in _by_key((route.key, route) for route in self.routes()).items():
            names = (name for route in routes for name in (route.title.zh, route.title.en))
            label = routes[0].subject_label
            yield Value(key, Wording(label.zh, label.en), tuple(filter(None, names)))

    def _calls(self) -> Iterator[Value]:
        for key, routes in _by_key((route.call.key, route) for route in self.routes()).items():
            title = routes[0].call.title
            yield Value(key, Wording(title.zh, title.en))

    def _requirements(self) -> Iterator[Value]:
        sets = newest_requirements([route.id for route in self.routes()]).values()
        every = [each for found in sets for each in read_requirements(found.requirements)]
        for key, same in _by_key((each.key, each) for each in every).items():
            also = (name for each in same[1:] for name in (each.wording.zh, each.wording.en))
            shortest, *longer = _called(same[0])
            yield Value(key, shortest, tuple(filter(None, also)), tuple(longer))


def _called(requirement: Requirement) -> list[Wording]:
    """By its question, as in lists, by the beginning of its wording, or by that: a whole sentence, which few type."""
    wording = requirement.wording
    question = [questions()[requirement.field]] if requirement.field in QUESTIONS else []
    return [*question, Wording(first_clause(wording.zh), first_clause(wording.en)), wording]


@cache
def questions() -> dict[str, Wording]:
    """What the questions of forms are called, likewise."""
    return {field: translated(label) for field, label in QUESTIONS.items()}


def _by_key(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for key, thing in pairs:
        found.setdefault(key, []).append(thing)
    return found
