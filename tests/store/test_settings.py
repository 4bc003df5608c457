"""Where a setting comes from, and what is said of a bad one."""

import json
from datetime import date
from pathlib import Path

import pytest

from store import clock
from store.settings import BadSettings, Settings, load_settings


def test_at_most_25_settings() -> None:
    assert len(Settings.model_fields) <= 25


def test_environment_then_secrets_then_servers_then_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "s3_secret_key").write_text("secret\n")
    (tmp_path / "run.json").write_text(
        json.dumps(
            {"settings": {"database_url": "postgresql://a", "s3_secret_key": "autre", "broker_url": "b"}}
        )
    )
    (tmp_path / "settings.json").write_text(json.dumps({"today": "2025-01-02", "seal_seconds": 7}))
    monkeypatch.setenv("LIASSE_BROKER_URL", "c")
    monkeypatch.setenv("LIASSE_TODAY", "2026-11-20")
    settings = load_settings(tmp_path, lease_seconds=2)
    assert (settings.s3_secret_key, settings.database_url) == ("secret", "postgresql://a")
    assert (settings.broker_url, settings.seal_seconds, settings.lease_seconds) == ("c", 7, 2)
    assert clock.today(settings) == date(2026, 11, 20)
    monkeypatch.delenv("LIASSE_TODAY")
    assert clock.today(load_settings(tmp_path)) == date(2025, 1, 2)
    assert clock.now().tzinfo is not None


def test_a_bad_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIASSE_PORT", "abc")
    with pytest.raises(BadSettings, match="LIASSE_PORT"):
        load_settings(tmp_path)
    monkeypatch.delenv("LIASSE_PORT")
    (tmp_path / "settings.json").write_text("{")
    with pytest.raises(BadSettings, match=r"settings\.json"):
        load_settings(tmp_path)


def test_settings_do_not_change(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(tmp_path).port = 1  # type: ignore[misc]
