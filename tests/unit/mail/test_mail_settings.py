"""Settings of mail that would send a password in the clear are refused when the app starts."""

from pathlib import Path

import pytest

import config
from config import ConfigurationError


@pytest.mark.parametrize("port", ["", "25", "587"])
def test_a_user_name_without_tls_is_refused(port: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="MAIL_USE_TLS"):
        config.load({"S2_DATA_DIR": str(tmp_path), "MAIL_USERNAME": "portal", "MAIL_PORT": port})


@pytest.mark.parametrize("settings", [{"MAIL_USE_TLS": "on"}, {"MAIL_PORT": "465"}])
def test_a_user_name_with_tls_is_taken(settings: dict[str, str], tmp_path: Path) -> None:
    loaded = config.load({"S2_DATA_DIR": str(tmp_path), "MAIL_USERNAME": "portal", **settings})
    assert loaded["MAIL_USERNAME"] == "portal"
