"""Prompts are checked when they are read: what is wrong is named with file and line."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.writers.model.prompts import NAMES, Prompt, Prompts

OURS = Path("prompts")
BRIEF = (OURS / "brief.md").read_text("utf-8")


def load(folder, text, name="brief"):
    (folder / f"{name}.md").write_text(text, "utf-8")
    return Prompts.load(folder)


def problem(folder, text, name="brief"):
    with pytest.raises(ConfigurationError) as caught:
        load(folder, text, name)
    return caught.value.problem, list(caught.value.names)


@pytest.mark.parametrize("name", NAMES)
def test_our_own_prompts_are_read_with_their_hash(name):
    read = getattr(Prompts.load(), name)
    assert read.hash == sha256((OURS / f"{name}.md").read_bytes()).hexdigest()[:16]
    assert read.system.strip()
    assert read.user.strip()


@pytest.mark.parametrize("name", NAMES)
def test_our_own_prompts_can_be_filled(name):
    values = {one: f"<{one} {{{{x}}}}>" for one in NAMES[name]}
    text = "\n".join(getattr(Prompts.load(), name).filled(**values))
    for value in values.values():
        assert value in text


def test_a_folder_of_the_operators_overrides_file_by_file(tmp_path):
    prompts = load(tmp_path, BRIEF.replace("newsrooms", "our newsroom"))

    assert "our newsroom" in prompts.brief.system
    assert prompts.brief.hash != Prompts.load().brief.hash
    assert prompts.answer == Prompts.load().answer


def test_braces_in_a_value_stay_as_they_are():
    prompt = Prompt(system="Say {{ a }} and {{b}} {c}", user="{{a}}", hash="x")
    assert prompt.filled(a="{{b}} \\1 {{{", b="2") == (
        "Say {{b}} \\1 {{{ and 2 {c}",
        "{{b}} \\1 {{{",
    )


def test_an_unknown_name_is_told_with_its_line(tmp_path):
    lines = BRIEF.splitlines()
    lines[4] += " {{bulets}}"
    found = problem(tmp_path, "\n".join(lines))
    assert found == ("prompt_unknown", [f"{tmp_path / 'brief.md'}:5", "{{bulets}}"])


def test_missing_names_are_told(tmp_path):
    text = BRIEF.replace("{{pattern}}", "").replace("{{language}}", "English")
    lines = len(text.splitlines())
    found = problem(tmp_path, text)
    assert found == (
        "prompt_missing",
        [f"{tmp_path / 'brief.md'}:{lines}", "{{language}}", "{{pattern}}"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        BRIEF.replace("# system", "# System"),
        BRIEF.replace("# user", ""),
        BRIEF + "\n# user\n",
        "# user\n{{article}}\n# system\n{{mark}}",
    ],
)
def test_a_prompt_without_its_two_parts_is_told(tmp_path, text):
    assert problem(tmp_path, text) == ("prompt_parts", [str(tmp_path / "brief.md")])


def test_what_cannot_be_read_is_told(tmp_path):
    (tmp_path / "brief.md").write_bytes(b"# system\n\xff")
    with pytest.raises(ConfigurationError) as caught:
        Prompts.load(tmp_path)
    assert (caught.value.problem, list(caught.value.names)) == (
        "prompt_unreadable",
        [str(tmp_path / "brief.md")],
    )
    (tmp_path / "brief.md").unlink()
    (tmp_path / "answer.md").mkdir()
    with pytest.raises(ConfigurationError):
        Prompts.load(tmp_path)
