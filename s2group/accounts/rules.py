"""What a password must be, and how long a session lasts."""

import hmac
import re
import unicodedata
from collections.abc import Container
from datetime import datetime, timedelta
from enum import StrEnum

# How long the session of a member of the staff lasts without a request, and at most.
STAFF_IDLE_LIMIT, STAFF_LIMIT = timedelta(hours=12), timedelta(days=7)
# An applicant's form may lie open for days.
VISITOR_IDLE_LIMIT, VISITOR_LIMIT = timedelta(days=7), timedelta(days=30)
# A request notes that the session is in use only when the last note is older: most requests write nothing.
TOUCH_INTERVAL = timedelta(minutes=5)
LONGEST_TOKEN = 64

# After so many wrong passwords in a row each further one makes the account wait twice as long.
FREE_TRIES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
# Wrong passwords are forgotten when none came for so long.
TRIES_FORGOTTEN_AFTER = timedelta(days=1)
# How long a browser in which somebody has signed in is known as theirs.
DEVICE_LIFE = timedelta(days=180)

# Words that everybody ties to such a portal. Beside these and those of the account's address and the portal's own, a
# password has FEWEST_OWN letters and digits (OWASP ASVS 5.0, 6.1.2 and 6.2.11).
WORDS_OF_CONTEXT = (
    "administrator", "admissions", "admission", "admin", "applicant", "application", "college", "editor", "faculty",
    "graduate", "group", "institute", "laboratory", "login", "passwort", "password", "portal", "professor", "research",
    "reviewer", "review", "school", "staff", "student", "university", "welcome",
    "baoyan", "daxue", "daoshi", "jiaoshou", "kaoyan", "keyan", "mima", "shiyanshi", "xuesheng", "xueyuan",
    "yanjiusheng", "yanjiu", "zhaosheng", "导师", "大学", "密码", "招生", "教授", "研究", "实验室", "课题组", "学院",
)  # fmt: skip
FEWEST_OWN, SHORTEST_WORD = 8, 2
# NIST SP 800-63B-4 asks for 15 characters, or 8 beside a second factor; OWASP ASVS 5.0 (6.2.1) for 8 and advises 15.
# 12 is the group's line, because a trial run and an editor have none.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
# Fewer different characters than this is a key held down or a short pattern: 123123123123.
FEWEST_CHARACTERS = 5

# How far the clock of a phone may be off: one code earlier or later is taken, as RFC 6238 (5.2) advises.
CLOCK_SLACK = timedelta(seconds=30)
# After the password, the code must come within that.
CODE_WITHIN = timedelta(minutes=10)
# In minutes: for what touches how accounts are signed in to, who signed in longer ago gives the password again.
CONFIRMED_WITHIN = 30
# How many recovery codes an account has, each good for one sign-in.
RECOVERY_CODES = 8

# What a browser says of itself holds one of these, the first that fits: most say that they are others, too.
BROWSERS = {
    "MicroMessenger": "WeChat", "QQBrowser": "QQ Browser", "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung",
    "Firefox": "Firefox", "FxiOS": "Firefox", "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "HarmonyOS": "HarmonyOS", "OpenHarmony": "HarmonyOS", "Android": "Android",
    "Windows": "Windows", "Mac OS X": "macOS", "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip

# What a browser answers for a passkey is no longer than this.
LONGEST_CREDENTIAL = 20_000
# How long the name may be under which colleagues see an account.
LONGEST_NAME = 40


class Notify(StrEnum):
    """When an account is mailed about what colleagues write to it, and what it owes applicants."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"


class FactorChange(StrEnum):
    """What was done to the second factor of an account; its owner is mailed of each."""

    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    RESET = "reset"


class PasswordProblem(StrEnum):
    """What is wrong with a new password."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    COMMON = "common"
    IS_EMAIL = "is the e-mail address"
    OF_CONTEXT = "made of words of the context"


def normal_password(password: str) -> str:
    """The password as it is hashed: the same whichever way a keyboard composes its letters (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def normal_recovery_code(typed: str) -> str:
    """A recovery code as it is hashed: however its groups were kept apart."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())


def shown_name(name: str, email: str) -> str:
    """What colleagues call the owner of an account: the name, or where there is none the address before the @."""
    return name or email.partition("@")[0]


def password_problem(password: str, *, email: str, host: str, common: Container[str]) -> PasswordProblem | None:
    """What is wrong with `password` as a new one for `email`; None when it will do.

    `host` is that of the portal, and `common` are the passwords that many people use, in small letters.
    """
    lower = password.lower()
    if len(password) < SHORTEST_PASSWORD:
        return PasswordProblem.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordProblem.TOO_LONG
    if lower in (email, email.partition("@")[0]):
        return PasswordProblem.IS_EMAIL
    if lower in common or len(set(lower)) < FEWEST_CHARACTERS:
        return PasswordProblem.COMMON
    return PasswordProblem.OF_CONTEXT if _is_of_context(lower, f"{email} {host}") else None


def _is_of_context(password: str, addresses: str) -> bool:
    """Whether it holds words that a guesser tries first, and little else."""
    words = {*WORDS_OF_CONTEXT, *re.split(r"[\W\d_]+", addresses.lower())}
    rest = password
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= SHORTEST_WORD:
            rest = rest.replace(word, " ")
    return rest != password and sum(sign.isalnum() for sign in rest) < FEWEST_OWN


def device_of(user_agent: str) -> str:
    """Browser and system, such as "Firefox, Windows", and nothing that tells one such browser from another."""
    found = (next((name for sign, name in table.items() if sign in user_agent), "") for table in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found))


def wait_after(tries: int) -> timedelta:
    """How long no password is looked at after so many wrong ones in a row."""
    if tries < FREE_TRIES:
        return timedelta()
    wait = FIRST_WAIT
    for _ in range(tries - FREE_TRIES):
        wait = min(wait * 2, LONGEST_WAIT)
    return wait


def session_end(*, signed_in: bool, now: datetime) -> datetime:
    """When a session that begins at `now` is over, however much it is used."""
    return now + (STAFF_LIMIT if signed_in else VISITOR_LIMIT)


def form_token(token: str, *, key: str) -> str:
    """The secret of a session's forms: whoever reads it in a page learns nothing of the session's token."""
    return hmac.digest(key.encode(), f"form {token}".encode(), "sha256").hex()
