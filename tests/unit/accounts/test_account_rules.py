"""What a password must be."""

import pytest

from s2group.accounts.common_passwords import common_passwords
from s2group.accounts.rules import PasswordProblem, normal_password, password_problem
from s2group.core.identifiers import token_hash

EMAIL, HOST = "test.editor@example.org", "signal.lab.example.edu"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevenchars", PasswordProblem.TOO_SHORT),
        ("twelve chars", None),
        ("四个普通词语放在一起就好", None),
        (" " * 12, PasswordProblem.COMMON),
        ("x y z w v " * 12 + "12345678", None),
        ("x y z w v " * 12 + "123456789", PasswordProblem.TOO_LONG),
        ("Password123456", PasswordProblem.COMMON),
        ("123123123123", PasswordProblem.COMMON),
        ("Signal-Lab-2026!", PasswordProblem.OF_CONTEXT),
        ("大学实验室招生密码2026", PasswordProblem.OF_CONTEXT),
        ("University-Admin-1234", PasswordProblem.OF_CONTEXT),
        ("University-heron-1234", None),
        ("482910477362", None),
        ("!?#%+*~=<>-_", None),
        ("Test.Editor@example.org", PasswordProblem.IS_EMAIL),
        (EMAIL.partition("@")[0], PasswordProblem.TOO_SHORT),
    ],
)
def test_a_password_is_judged_by_length_and_by_how_many_people_use_it(
    password: str, problem: PasswordProblem | None
) -> None:
    assert password_problem(password, email=EMAIL, host=HOST, common=common_passwords()) == problem


def test_the_name_before_the_at_sign_is_no_password() -> None:
    email = "testeditor.long@example.org"
    assert password_problem("testeditor.long", email=email, host=HOST, common=()) == PasswordProblem.IS_EMAIL


def test_a_password_is_the_same_however_its_letters_were_composed() -> None:
    assert normal_password("cafe\u0301 au lait") == normal_password("caf\u00e9 au lait")


def test_a_token_is_kept_as_its_sha256() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_more_than_the_three_thousand_most_common_passwords_are_refused() -> None:
    common = common_passwords()
    assert len(common) == 10025
    assert {len(password) >= 12 and password == password.lower() for password in common} == {True}
    refused = {password_problem(password.upper(), email=EMAIL, host=HOST, common=common) for password in common}
    assert refused == {PasswordProblem.COMMON}
    assert {"mailcreated5240", "polniypizdec0211", "woaini1314520"} <= common
