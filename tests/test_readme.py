"""The README says what the program does, table by table."""

from pathlib import Path

from bot.core.talking import settings as channel_settings
from bot.core.talking.commands import COMMANDS, Place
from bot.model import ChannelSettings
from bot.settings import Settings, variable_of

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


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


def test_every_setting_of_a_channel_is_in_slacks_table():
    slack = (Path(__file__).parents[1] / "docs" / "slack.md").read_text("utf-8")
    for name in channel_settings.CHAT:
        default = channel_settings.shown(ChannelSettings(), name)
        assert f"| `{name}` | {default} | {channel_settings.allowed(name)} |" in slack


def test_the_settings_of_matrix_alone_are_in_its_table():
    matrix = (Path(__file__).parents[1] / "docs" / "matrix.md").read_text("utf-8")
    for name in set(channel_settings.NOTICES) - set(channel_settings.CHAT):
        default = channel_settings.shown(ChannelSettings(), name)
        assert f"| `{name}` | {default} | {channel_settings.allowed(name)} |" in matrix
