"""What is kept of a browser: its name and its system."""

import pytest

from s2group.accounts.rules import BROWSERS, SYSTEMS, device_of

GECKO, WEBKIT = "Mozilla/5.0 ({}; rv:128.0) Gecko/20100101 Firefox/128.0", "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (GECKO.format("Windows NT 10.0; Win64; x64"), "Firefox, Windows"),
        (GECKO.format("X11; Linux x86_64"), "Firefox, Linux"),
        (f"Mozilla/5.0 (Linux; Android 14; 23127PN0CC) {WEBKIT} Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) {WEBKIT} Version/17.5 Safari/605.1", "Safari, macOS"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} MicroMessenger/8.0", "WeChat, iPhone"),
        (f"Mozilla/5.0 (Linux; Android 12; HarmonyOS) {WEBKIT} Chrome/114.0 Safari/537.36", "Chrome, HarmonyOS"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("<script>alert(1)</script> Windows", "Windows"),
    ],
)
def test_browser_and_system_are_told_and_nothing_else(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


def test_every_device_fits_its_column() -> None:
    assert max(len(f"{browser}, {system}") for browser in BROWSERS.values() for system in SYSTEMS.values()) <= 40
