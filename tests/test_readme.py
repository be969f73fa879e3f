"""The README says what the program does, table by table."""

import importlib.util
from pathlib import Path

from bot.core.talking import settings as channel_settings
from bot.core.talking.commands import COMMANDS, Place
from bot.model import ChannelSettings
from bot.settings import Settings, variable_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_command_of_the_terminal_is_in_its_table():
    for command in COMMANDS:
        if Place.TERMINAL in command.place:
            usage = command.usage.replace("|", "\\|")
            assert f"| `briefbot {usage}` | {command.summary} |" in README


def test_every_variable_is_in_its_table():
    for name, field in Settings.model_fields.items():
        assert f"| `{variable_of(name)}` |" in README
        assert f"| {field.description} |" in README


def test_every_setting_of_the_terminal_is_in_its_table():
    for name in channel_settings.TERMINAL:
        default = channel_settings.shown(ChannelSettings(), name)
        assert f"| `{name}` | {default} | {channel_settings.allowed(name)} |" in README


def test_what_is_made_from_the_table_of_commands_is_up_to_date():
    spec = importlib.util.spec_from_file_location("docs_commands", ROOT / "docs" / "commands.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    written = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert made.commands_md() == written, "make docs"
    assert made.readme(README) == README, "make docs"
    for name in channel_settings.NOTICES:
        default = channel_settings.shown(ChannelSettings(), name)
        assert f"| `{name}` | {default} | {channel_settings.allowed(name)} |" in written
