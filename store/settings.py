"""The one Settings object: environment first, then what the home holds.

Sources, the first wins: arguments, `LIASSE_*` of the environment, one file a secret under
`<home>/secrets` (or LIASSE_SECRETS, for the secrets of a container), the addresses of running
embedded servers (`<home>/run.json`), choices of the home (`<home>/settings.json`), defaults.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

SECRETS = ("database_url", "s3_access_key", "s3_secret_key", "broker_url", "token")


class BadSettings(Exception):
    """Un réglage manque ou n'a pas la forme attendue ; le message dit lequel et comment le corriger."""


class Settings(BaseSettings):
    """Frozen; at most 25. Durations are in seconds unless their name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="LIASSE_", frozen=True, extra="ignore")

    home: Path = Path("var/home")
    port: int = Field(8000, ge=0, le=65535, description="0 : n'importe quel port libre")
    token: str | None = None
    today: date | None = Field(None, description="jour civil du droit ; vide : aujourd'hui à Paris")
    secrets: Path | None = Field(None, description="dossier des secrets ; vide : <home>/secrets")
    database_url: str = ""
    s3_endpoint: str = ""
    s3_access_key: str = ""
    s3_secret_key: str = ""
    bucket_prefix: str = Field("", pattern=r"^[a-z0-9-]{0,20}$")
    broker_url: str = ""
    master_key_file: Path | None = Field(None, description="vide : <home>/secrets/master.key")
    retention_months: int = Field(33, ge=1, description="verrou de l'archive, depuis la réception")
    retention_minutes: int | None = Field(None, ge=1, description="essais : remplace les mois")
    lease_seconds: float = Field(60, gt=0)
    sweep_seconds: float = Field(5, gt=0)
    seal_seconds: float = Field(300, gt=0)
    max_file_bytes: int = Field(256 * 2**20, gt=0)
    max_pages: int = Field(500, gt=0)
    page_seconds: float = Field(60, gt=0)
    cage_children: int = Field(0, ge=0, description="0 : un par cœur")
    clamd_url: str | None = None
    hot_folder: Path | None = None
    hot_folder_seconds: float = Field(2, gt=0, description="sans changement, avant de prendre un fichier")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    @property
    def secrets_dir(self) -> Path:
        return self.secrets or self.home / "secrets"

    @property
    def master_key(self) -> Path:
        return self.master_key_file or self.secrets_dir / "master.key"

    @property
    def run_file(self) -> Path:
        return self.home / "run.json"


def load_settings(home: Path | None = None, **overrides: Any) -> Settings:
    """The settings as they stand now. Raises BadSettings, in French, naming what to mend."""
    if home is not None:
        overrides["home"] = home
    try:
        first = Settings(**overrides)
        found = _of_home(first)
        given = first.model_fields_set
        return Settings(**overrides, **{name: v for name, v in found.items() if name not in given})
    except ValidationError as error:
        lines = [f"LIASSE_{'_'.join(map(str, e['loc'])).upper()} : {e['msg']}" for e in error.errors()]
        raise BadSettings("Réglage à corriger :\n" + "\n".join(lines)) from None


def _of_home(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {}
    found.update(_json(settings.home / "settings.json"))
    found.update(_json(settings.run_file).get("settings", {}))
    for name in SECRETS:
        file = settings.secrets_dir / name
        if file.is_file():
            found[name] = file.read_text().strip()
    found.pop("home", None)
    return found


def _json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        raise BadSettings(f"{file} est illisible : {error}. Corrigez-le ou supprimez-le.") from None
    return content if isinstance(content, dict) else {}
