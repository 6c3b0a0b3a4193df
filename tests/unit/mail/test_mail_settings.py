"""Settings of mail that would send a password in the clear are refused when the app starts."""

from pathlib import Path

import pytest

import config
from config import ConfigurationError


@pytest.mark.parametrize("port", ["", "25", "587"])
def test_a_user_name_without_tls_is_refused(port: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="MAIL_USE_TLS"):
        config.load(
            {"S2_DATA_DIR": str(tmp_path), "MAIL_USERNAME": "portal", "MAIL_PASSWORD": "secret", "MAIL_PORT": port}
        )


@pytest.mark.parametrize("settings", [{"MAIL_USE_TLS": "on"}, {"MAIL_PORT": "465"}])
def test_a_user_name_with_tls_is_taken(settings: dict[str, str], tmp_path: Path) -> None:
    loaded = config.load(
        {"S2_DATA_DIR": str(tmp_path), "MAIL_USERNAME": "portal", "MAIL_PASSWORD": "secret", **settings}
    )
    assert loaded["MAIL_USERNAME"] == "portal"


@pytest.mark.parametrize(("there", "missing"), [("USERNAME", "PASSWORD"), ("PASSWORD", "USERNAME")])
def test_user_name_and_password_come_together(there: str, missing: str, tmp_path: Path) -> None:
    environ = {"S2_DATA_DIR": str(tmp_path), f"MAIL_{there}": "portal", "MAIL_USE_TLS": "on"}
    with pytest.raises(ConfigurationError, match=f"^MAIL_{missing} is needed beside MAIL_{there} "):
        config.load(environ)
