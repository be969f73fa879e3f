"""Every knob that the operator has, read once from the environment.

What a channel may set for itself is `model.ChannelSettings`, kept in the store.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigurationError

_PREFIX = "BRIEFBOT_"
_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")
_READ_ELSEWHERE = frozenset({"BRIEFBOT_BENCH"})

Hosts = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """The operator's settings: `BRIEFBOT_*`, and the usual names where there are any."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("briefbot", appauthor=False),
        description="Folder of the database and everything else that is kept",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "BRIEFBOT_DATABASE_URL"),
        description="Database, sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME; by default "
        "briefbot.db in the data folder",
    )
    fetch_allow_hosts: Hosts = Field(
        default=(),
        description="Hosts (host or host:port, separated by commas) that may be private: "
        "an intranet's news site, a test server",
    )
    fetch_deny_hosts: Hosts = Field(
        default=(), description="Hosts, with all below them, that are never fetched"
    )
    fetch_timeout: float = Field(
        default=10.0, ge=1, le=60, description="Seconds for one page, redirects included"
    )
    fetch_max_mb: int = Field(
        default=5, ge=1, le=50, description="Largest page, in MB after unpacking"
    )
    file_max_mb: int = Field(default=20, ge=1, le=200, description="Largest file or PDF, in MB")
    extract_timeout: float = Field(
        default=4.0, ge=1, le=60, description="Seconds for taking one page apart"
    )
    contact_url: str = Field(
        default="", description="Address in the User-Agent where site owners find you"
    )
    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "BRIEFBOT_OPENAI_API_KEY"),
        description="Key of an OpenAI-compatible service; with a key or an address, a model writes",
    )
    openai_base_url: str = Field(
        default="",
        validation_alias=AliasChoices("OPENAI_BASE_URL", "BRIEFBOT_OPENAI_BASE_URL"),
        description="Address of an OpenAI-compatible server, mostly ending in /v1; by default "
        "OpenAI's own",
    )
    openai_model: str = Field(
        default="",
        validation_alias=AliasChoices("OPENAI_MODEL", "BRIEFBOT_OPENAI_MODEL"),
        description="Name of the model; may be left out where the server has one only",
    )
    brief_model: str = Field(default="", description="Another model for briefs")
    answer_model: str = Field(default="", description="Another model for answers")
    model_local: bool = Field(
        default=False,
        description="Whether the model's server is your own: then private, pasted and uploaded "
        "texts may go to it too; one on this machine is",
    )
    model_timeout: float = Field(
        default=60.0,
        ge=1,
        le=900,
        description="Seconds that a model may take for a brief or an answer, before the embedded "
        "writer writes it",
    )
    model_context: int = Field(
        default=16_000,
        ge=2_000,
        le=2_000_000,
        description="Tokens that the model takes at a time, its answer included; longer articles "
        "are read in parts",
    )
    prompts: Path | None = Field(
        default=None, description="Folder of prompts of your own, instead of those shipped"
    )
    listen: str = Field(
        default="127.0.0.1:8377",
        description="host:port of `/healthz`, `/readyz` and `/metrics`; off for none",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="Log lines: json, text, or auto (text on a terminal)"
    )
    briefs_at_once: int = Field(
        default=8, ge=2, le=64, description="Messages with links that one process reads at a time"
    )
    questions_at_once: int = Field(
        default=4, ge=2, le=64, description="Questions that one process answers at a time"
    )
    posts_at_once: int = Field(
        default=16, ge=2, le=64, description="Posts that one process sends at a time"
    )
    post_timeout: float = Field(
        default=10.0, ge=0.2, le=60, description="Seconds for one request to a chat platform"
    )
    post_grace: float = Field(
        default=5.0,
        ge=0.2,
        le=300,
        description="Seconds more after which a post that got no answer is looked for",
    )
    model_tokens_a_day: int = Field(
        default=200_000,
        ge=0,
        description="Tokens that models may take a day in one workspace; 0: no model",
    )
    model_channel_share: int = Field(
        default=20,
        ge=1,
        le=100,
        description="Percent of these tokens that one channel may take",
    )
    slack_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("SLACK_BOT_TOKEN", "BRIEFBOT_SLACK_BOT_TOKEN"),
        description="Slack's Bot User OAuth Token (xoxb-…)",
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("SLACK_APP_TOKEN", "BRIEFBOT_SLACK_APP_TOKEN"),
        description="Slack's app-level token (xapp-…) for Socket Mode; without one, HTTP",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("SLACK_SIGNING_SECRET", "BRIEFBOT_SLACK_SIGNING_SECRET"),
        description="Slack's signing secret, for HTTP in place of Socket Mode",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        validation_alias=AliasChoices("SLACK_API_URL", "BRIEFBOT_SLACK_API_URL"),
        description="Another address of Slack's API: a company's gateway, a stand-in",
    )
    matrix_homeserver: str = Field(
        default="",
        validation_alias=AliasChoices("MATRIX_HOMESERVER", "BRIEFBOT_MATRIX_HOMESERVER"),
        description="Matrix homeserver: its address (https://…) or its name",
    )
    matrix_user: str = Field(
        default="",
        validation_alias=AliasChoices("MATRIX_USER", "BRIEFBOT_MATRIX_USER"),
        description="The bot's account there: @briefbot:example.org, or briefbot",
    )
    matrix_password: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("MATRIX_PASSWORD", "BRIEFBOT_MATRIX_PASSWORD"),
        description="Its password; it is needed to log in, once",
    )
    matrix_access_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("MATRIX_ACCESS_TOKEN", "BRIEFBOT_MATRIX_ACCESS_TOKEN"),
        description="An access token of a session of its own, in place of the password",
    )
    matrix_invites: Hosts = Field(
        default=(),
        validation_alias=AliasChoices("MATRIX_INVITES", "BRIEFBOT_MATRIX_INVITES"),
        description="Who may invite the bot (separated by commas): @ann:example.org, "
        "@*:example.org, *; by default everybody on its own server",
    )
    matrix_prefix: str = Field(
        default="!brief",
        validation_alias=AliasChoices("MATRIX_PREFIX", "BRIEFBOT_MATRIX_PREFIX"),
        min_length=1,
        max_length=32,
        description="What a command begins with in Matrix rooms",
    )
    secret: SecretStr | None = Field(
        default=None,
        description="Passphrase that Matrix's stored login and keys are encrypted with; by "
        "default a key is made and kept in the data folder",
    )
    admins: Hosts = Field(
        default=(),
        description="Ids of people (separated by commas) who look after every channel, beside "
        "whoever invited the bot",
    )
    removed_days: int = Field(
        default=30,
        ge=0,
        le=90,
        description="Days until all of a channel is erased once the bot is removed from it",
    )
    loopback_url: str = Field(
        default="",
        description="Address of a chat server for tests and benchmarks (docs/loopback.md)",
    )

    @field_validator("fetch_allow_hosts", "fetch_deny_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(host.strip().lower() for host in value.split(",") if host.strip())
        return value

    @field_validator("admins", "matrix_invites", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(one.strip() for one in value.split(",") if one.strip())
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _api(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("the address must begin with http:// or https://")
        return value.rstrip("/") + "/"

    @field_validator("matrix_homeserver")
    @classmethod
    def _homeserver(cls, value: str) -> str:
        value = value.strip()
        try:
            parts = urlsplit(value if "://" in value else f"https://{value}")
            named = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            named = False
        if value and (not named or any(char.isspace() for char in value)):
            raise ValueError("it must be an address (https://matrix.example.org) or a name")
        return value.rstrip("/")

    @field_validator("data_dir")
    @classmethod
    def _at_home(cls, value: Path) -> Path:
        try:
            return value.expanduser()
        except RuntimeError as error:
            raise ValueError(f"{value} names a home folder that does not exist") from error

    @field_validator("database_url")
    @classmethod
    def _known_kind(cls, value: SecretStr | None) -> SecretStr | None:
        url = "" if value is None else value.get_secret_value()
        known = any(url.startswith(kind) and url != kind for kind in (_SQLITE, *_POSTGRES))
        if value is not None and not known:
            raise ValueError(
                "the database must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
            )
        return value

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        value = value.strip().lower()
        if value != "off":
            _host_and_port(value)
        return value

    @field_validator("openai_base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("the address must begin with http:// or https://")
        return value.rstrip("/")

    @property
    def model_is_here(self) -> bool:
        """Whether what is sent to the model stays in the operator's own hands."""
        host = urlsplit(self.openai_base_url).hostname or ""
        return self.model_local or host in ("localhost", "127.0.0.1", "::1")

    @property
    def has_model(self) -> bool:
        """Whether a model is to be asked."""
        return self.openai_api_key is not None or bool(self.openai_base_url)

    @property
    def has_matrix(self) -> bool:
        """Whether there is an account on Matrix."""
        return bool(self.matrix_homeserver) or self.matrix_access_token is not None

    @property
    def listen_at(self) -> tuple[str, int] | None:
        """Host and port to listen on, None where that is off; port 0 is any free one."""
        return None if self.listen == "off" else _host_and_port(self.listen)

    @property
    def database(self) -> Path:
        """The database file, where it is SQLite."""
        if self.database_url is not None and self.postgres_url is None:
            return Path(self.database_url.get_secret_value().removeprefix(_SQLITE))
        return self.data_dir / "briefbot.db"

    @property
    def keys(self) -> Path:
        """The folder of the platforms' keys and crypto stores."""
        return self.data_dir / "keys"

    @property
    def postgres_url(self) -> SecretStr | None:
        """The address of the PostgreSQL database, where it is one."""
        url = self.database_url
        return url if url and url.get_secret_value().startswith(_POSTGRES) else None


_USUAL = ("DATABASE_", "OPENAI_", "SLACK_", "MATRIX_")


def variable_of(field: str) -> str:
    """Return the variable that a setting is read from: the usual name where there is one."""
    name = field.upper()
    return name if name.startswith(_USUAL) else _PREFIX + name


def _host_and_port(value: str) -> tuple[str, int]:
    problem = "it must be host:port (a port from 0 to 65535), or off"
    try:
        address = urlsplit(f"//{value}")
        host, port = address.hostname, address.port
    except ValueError as error:
        raise ValueError(problem) from error
    if not host or port is None or address.netloc != value or "@" in value:
        raise ValueError(problem)
    return host, port


def load() -> Settings:
    """Read the settings. Raises ConfigurationError, which names the variable and the problem."""
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields} | _READ_ELSEWHERE
    # pydantic never sees a name that no field asks for, so a misspelt one would pass in silence
    unknown = sorted(n for n in os.environ if n.startswith(_PREFIX) and n not in known)
    if unknown:
        raise ConfigurationError("unknown", unknown)
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        name = name if name.startswith(_PREFIX) else variable_of(name)
        raise ConfigurationError(first["msg"].removeprefix("Value error, "), [name]) from None
