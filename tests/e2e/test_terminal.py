"""The commands of the terminal, with good input and bad."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.terminal.exits import MEANING, Exit
from tests.e2e.conftest import ROOT, SEEDS, Cli, environment

TEXT = """Night ferry to Norsay returns after two winters

The night ferry between Wexcombe and Norsay sails again from 3 May, its owner said on Tuesday.

Halden Line will run the ship on four nights a week and charge 48 pounds for a cabin.

“People on the island have waited two winters for this,” said Ruth Calder, who runs the line.

The old ship was sold in 2023 after its engine failed for the third time in a year.

The new one was built in Turku, carries 210 passengers and burns methanol in place of diesel.
"""


def test_a_file_is_briefed_proven_asked_and_forgotten(cli: Cli, tmp_path: Path):
    (tmp_path / "ferry.txt").write_text(TEXT)
    briefed = cli("brief", str(tmp_path / "ferry.txt"))
    assert briefed.code == Exit.DONE
    assert "Night ferry to Norsay returns" in briefed.out
    assert "kept 30 days in" in briefed.out

    proof = cli("proof", "1")
    assert "Proof of bullet 1" in proof.out
    assert "¶1" in proof.out
    assert cli("proof", "9").code == Exit.NOTHING_STORED

    asked = cli("ask", "How many passengers does the new ship carry?")
    assert asked.code == Exit.DONE
    assert "210 passengers" in asked.out

    refused = cli("ask", "What is the captain's favourite colour?")
    assert refused.code == Exit.ABSENT
    assert "The article doesn't say." in refused.out

    assert "Night ferry" in cli("list").out
    assert cli("search", "methanol").code == Exit.DONE
    assert cli("search", "zeppelin").code == Exit.NOTHING_STORED

    assert cli("forget", "1").code == Exit.DONE
    assert cli("ask", "Who runs the line?").code == Exit.NOTHING_STORED
    assert cli("forget", "1").code == Exit.NOTHING_STORED


def test_standard_input_is_a_pasted_text(cli: Cli):
    done = cli("brief", "-", stdin=TEXT)
    assert done.code == Exit.DONE
    assert "Pasted text kept 30 days" in done.out


def test_json_holds_exact_spans_and_plain_numbers(cli: Cli):
    article = json.loads(cli("read", "-", "--json", stdin=TEXT).out)
    assert article["verdict"] == "article"
    brief = json.loads(cli("brief", "-", "--json", "--bullets", "3", stdin=TEXT).out)
    assert brief["method"] == "extractive"
    assert len(brief["bullets"]) == 3
    for bullet in brief["bullets"]:
        for span in bullet["evidence"]:
            text = article["paragraphs"][span["paragraph"]]
            assert text[span["start"] : span["end"]] == span["quote"]
    answer = json.loads(cli("ask", "--json", "Where was the new ship built?").out)
    assert answer["voice"] == "says"
    assert "Turku" in answer["quotes"][0]["quote"]
    assert answer["article"]["number"] == 1


def test_json_lines_answer_in_order_and_survive_bad_lines(cli: Cli):
    paragraphs = [p for p in TEXT.split("\n\n")[1:] if p.strip()]
    lines = [
        json.dumps({"id": "a", "paragraphs": paragraphs, "bullets": 1}),
        "this is not json",
        json.dumps({"id": "c", "paragraphs": "no list"}),
        json.dumps({"id": "d", "paragraphs": []}),
        json.dumps({"id": "e", "paragraphs": ["\ud800 lone half. It stands alone."]}),
        json.dumps({"id": "f", "paragraphs": paragraphs, "bullets": 20}),
    ]
    done = cli("brief", "--jsonl", stdin="\n".join(lines))
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["id"] for row in rows] == ["a", None, "c", "d", "e", "f"]
    assert len(rows[0]["bullets"]) == 1
    assert "not JSON" in rows[1]["error"]
    assert "paragraphs" in rows[2]["error"]
    assert rows[3]["bullets"] == []
    assert len(rows[5]["bullets"]) >= 5
    assert done.code == Exit.BAD_LINES


def test_several_sources_are_briefed_and_the_bad_one_is_named(cli: Cli, tmp_path: Path):
    (tmp_path / "good.txt").write_text(TEXT)
    (tmp_path / "bad.bin").write_bytes(b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 20)
    done = cli("brief", str(tmp_path / "good.txt"), str(tmp_path / "bad.bin"))
    assert done.code == Exit.UNREADABLE
    assert "Night ferry" in done.out
    assert "bad.bin is not text" in done.err
    missing = cli("brief", str(tmp_path / "none.txt"), str(tmp_path / "good.txt"))
    assert missing.code == Exit.UNREADABLE
    assert "Night ferry" in missing.out
    assert "can't be opened (No such file or directory)" in missing.err  # a long path is shown cut


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("http://", "not a working web address"),
        ("ftp://sample.example/a", "I read http and https"),
        ("http://user:secret@sample.example/", "carries a user name or password"),
        ("http://127.0.0.1:80/", "private network"),
        ("http://localhost/", "private network"),
        ("http://[::1]/", "private network"),
        ("http://169.254.169.254/latest/meta-data", "private network"),
        ("http://sample.example:8081/", "unusual port"),
        ("no-such-file.txt", "can't be opened"),
        ("/", "can't be opened"),
    ],
)
def test_what_cannot_be_read_gets_one_clear_sentence(cli: Cli, data: Path, source: str, words: str):
    done = cli("brief", source)
    assert done.code == Exit.UNREADABLE
    assert words in done.err
    assert "secret" not in done.err
    assert done.out == ""
    assert cli("list").out == "Nothing was briefed yet.\n"


@pytest.mark.parametrize("text", ["", "  \n\t \n"])
def test_nothing_on_standard_input(cli: Cli, text: str):
    done = cli("brief", "-", stdin=text)
    assert done.code == Exit.UNREADABLE
    assert done.err.startswith("The text is empty.")


def test_a_file_over_the_limit(cli: Cli, tmp_path: Path):
    (tmp_path / "huge.txt").write_bytes(b"word " * 300_000)
    done = cli("brief", str(tmp_path / "huge.txt"), BRIEFBOT_FILE_MAX_MB="1")
    assert done.code == Exit.UNREADABLE
    assert "over the limit of 1 MB" in done.err


def test_a_question_before_anything_was_read(cli: Cli):
    done = cli("ask", "Who said so?")
    assert done.code == Exit.NOTHING_STORED
    assert done.err == "Nothing was read yet. Start with: briefbot brief URL|FILE|-\n"


INCOMPLETE = """
brief
ask
ask "  "
ask why --all --about 1
forget
search
check
read
nonsense
brief - --bullets 0
export pdf
"""


@pytest.mark.parametrize("line", INCOMPLETE.strip().splitlines())
def test_a_command_that_is_not_whole(cli: Cli, line: str):
    assert cli(*shlex.split(line)).code == Exit.USAGE


def test_settings_are_kept_and_bounded(cli: Cli):
    assert cli("settings", "bullets", "short").out == "bullets: 5 -> 3\n"
    assert "bullets = 3" in cli("settings", "bullets").out
    bad = cli("settings", "bullets", "99")
    assert bad.code == Exit.USAGE
    assert bad.err == "bullets can be 3 to 8 (or short, standard, long), not “99”.\n"
    assert cli("settings", "colour").code == Exit.USAGE
    done = cli("brief", "-", "--json", stdin=TEXT)
    assert len(json.loads(done.out)["bullets"]) == 3


def test_unknown_and_unfit_variables_are_named(cli: Cli):
    unknown = cli("list", BRIEFBOT_DATADIR="elsewhere")
    assert unknown.code == Exit.SETTINGS
    assert "BRIEFBOT_DATADIR" in unknown.err
    unfit = cli("list", BRIEFBOT_FETCH_TIMEOUT="soon")
    assert unfit.code == Exit.SETTINGS
    assert "BRIEFBOT_FETCH_TIMEOUT" in unfit.err
    secret = cli("list", DATABASE_URL="mysql://u:canary-secret@h/db")
    assert secret.code == Exit.SETTINGS
    assert "postgresql://" in secret.err
    assert "canary-secret" not in secret.err


def test_a_server_that_does_not_answer_is_named_without_its_password(cli: Cli, data: Path):
    done = cli("list", DATABASE_URL="postgresql://u:canary-secret@127.0.0.1:9/db")
    assert done.code == Exit.STORE
    assert done.err.startswith("postgresql://u@127.0.0.1:9/db can't be reached by user u")
    assert "canary-secret" not in done.err
    assert not data.exists()


@pytest.mark.postgres
def test_everything_works_on_postgresql(cli: Cli, data: Path, empty_postgres_url: str):
    on_postgres = {"DATABASE_URL": empty_postgres_url}
    assert cli("brief", "-", stdin=TEXT, **on_postgres).code == Exit.DONE
    assert cli("search", "ship", **on_postgres).code == Exit.DONE
    assert cli("ask", "How many passengers?", **on_postgres).code == Exit.DONE
    assert "Store: PostgreSQL 18." in cli("doctor", **on_postgres).out
    assert cli("forget", "9" * 30, **on_postgres).code == Exit.NOTHING_STORED
    assert cli("ask", "Who?", "--about", "9" * 30, **on_postgres).code == Exit.NOTHING_STORED
    assert cli("forget", "1", **on_postgres).code == Exit.DONE
    assert not data.exists()


def test_a_damaged_database_names_its_path(cli: Cli, data: Path):
    data.mkdir()
    (data / "briefbot.db").write_bytes(b"this is no database, whatever its name says" * 100)
    done = cli("list")
    assert done.code == Exit.STORE
    assert str(data / "briefbot.db") in done.err
    assert "damaged or not a Briefbot database" in done.err


def test_a_database_of_a_newer_version_is_left_alone(cli: Cli, data: Path):
    cli("list")
    with sqlite3.connect(data / "briefbot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    done = cli("list")
    assert done.code == Exit.STORE
    assert "newer Briefbot" in done.err


def test_a_data_folder_that_cannot_be_made(cli: Cli, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    done = cli("list", BRIEFBOT_DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.code == Exit.STORE
    assert str(tmp_path / "file" / "data") in done.err


def test_export_goes_to_a_file_or_says_why_not(cli: Cli, tmp_path: Path):
    cli("brief", "-", stdin=TEXT)
    done = cli("export", "--format", "json", "--output", str(tmp_path / "out.json"))
    assert done.code == Exit.DONE
    rows = json.loads((tmp_path / "out.json").read_text())
    assert rows["briefs"][0]["brief"]["bullets"][0]["evidence"]
    nowhere = cli("export", "--output", str(tmp_path / "no" / "out.md"))
    assert nowhere.code == Exit.UNREADABLE


def test_what_somebody_gave_and_asked_is_exported_and_forgotten(cli: Cli):
    cli("brief", "-", stdin=TEXT)
    cli("ask", "Who runs the line?")
    mine = json.loads(cli("export", "mine", "json").out)
    assert (len(mine["briefs"]), len(mine["questions"])) == (1, 1)
    assert "Asked on" in cli("export", "thread").out
    assert cli("export", "yours").code == Exit.USAGE
    first = cli("forget", "channel")
    assert "1 posted article with its brief, 1 question with its answer" in first.out
    assert first.out.endswith("type: briefbot forget channel yes\n")
    assert cli("forget", "thread").out == (
        "Erased: 1 posted article, 1 brief, 1 question with its answer. Nothing of it is kept here "
        "any more.\n"
    )
    for word in ("thread", "mine", "channel"):
        assert cli("forget", word).code == Exit.NOTHING_STORED
    cli("brief", "-", stdin=TEXT)
    assert cli("forget", "mine").out.startswith("Erased: 1 posted article, 1 brief.")
    cli("brief", "-", stdin=TEXT)
    assert cli("forget", "channel", "yes").out.startswith("Erased: 1 posted article, 1 brief.")
    cli("brief", "-", stdin=TEXT)
    assert cli("forget", "--all").out.startswith("Erased: 1 posted article, 1 brief.")


def test_doctor_finds_the_set_up_well(cli: Cli):
    done = cli("doctor")
    assert done.code == Exit.DONE, done.out
    assert "FAIL" not in done.out
    assert done.out.count("ok") >= 5


def test_doctor_says_what_fails(cli: Cli, data: Path):
    data.mkdir()
    (data / "briefbot.db").write_bytes(b"no database" * 1000)
    done = cli("doctor")
    assert done.code == Exit.STORE
    assert "FAIL  Store:" in done.out


def test_doctor_tries_the_model_but_not_in_health_checks(cli: Cli):
    nobody = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    done = cli("doctor", **nobody)
    assert done.code == Exit.SETTINGS
    assert "FAIL  Model: its server can't be reached" in done.out
    assert cli("doctor", "--quiet", **nobody).code == Exit.DONE


def test_the_demo_tells_its_story(cli: Cli):
    done = cli("demo")
    assert done.code == Exit.DONE, done.err
    assert "Its own bullets." in done.out
    assert "Sentences of the article." in done.out
    assert "Proof of bullet 1" in done.out
    assert "The article says:" in done.out
    assert "The article doesn't say." in done.out


def test_the_demo_of_a_model_shows_its_words_and_replaces_its_lies(data: Path):
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "docs" / "demo_model.py")],
        capture_output=True,
        env=environment(data),
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    honest, _, lying = done.stdout.partition("Now a model that lies")
    assert "Written by stand-in-1 from the article" in honest
    assert "Proof of bullet 2" in honest
    assert "Worded by stand-in-1 from these passages" in honest
    assert "†" not in honest
    brief, _, lies = lying.partition("What it had written")
    assert "own sentences (†)" in brief
    assert lies.count("\n\n    ") >= 3


def test_a_conversation_through_a_pipe(cli: Cli):
    said = f"{SEEDS / 'harbour-tunnel.bullets.html'}\nhelp\nlist\nWho led the inquiry?\nquit\n"
    done = cli("console", stdin=said)
    assert done.code == Exit.DONE
    assert "Its own bullets." in done.out
    assert "proof [BULLET]" in done.out
    assert "Tomas Brandvold" in done.out


def test_words_that_are_not_utf8_are_taken_as_they_are(cli: Cli, tmp_path: Path):
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_text(TEXT)
    assert cli("brief", os.fsdecode(name)).code == Exit.DONE
    assert cli("ask", os.fsdecode(b"Who is Ruth Cald\xe9r?")).code in (Exit.DONE, Exit.ABSENT)
    assert cli("console", stdin=b"\xff\xfe who?\n").code == Exit.DONE


def test_bounds_of_the_machine_are_no_failures_of_ours(cli: Cli):
    cli("brief", "-", stdin=TEXT)
    assert cli("ask", "Who?", "--about", "9" * 30).code == Exit.NOTHING_STORED
    assert cli("forget", "9" * 30).code == Exit.NOTHING_STORED
    assert cli("list", "--limit", "9" * 30).code == Exit.USAGE
    assert cli("brief", "a" * 300).code == Exit.UNREADABLE
    assert cli("list", BRIEFBOT_DATA_DIR="~no-such-user-here/x").code == Exit.SETTINGS
    assert cli("list", DATABASE_URL="sqlite:///").code == Exit.SETTINGS


def test_claims_are_held_against_the_article(cli: Cli):
    cli("brief", "-", stdin=TEXT)
    assert cli("check", "The new ship carries 210 passengers.").code == Exit.DONE
    invented = cli("check", "The new ship carries 640 passengers.")
    assert invented.code == Exit.BLOCKED
    assert "640" in invented.out


def test_control_characters_of_an_article_never_reach_the_terminal(cli: Cli):
    evil = TEXT.replace("Halden Line", "Halden \x1b[31mLine\x07\x9b2J").replace(
        "four nights", "four\u202e nights"
    )
    done = cli("brief", "-", stdin=evil)
    assert done.code == Exit.DONE
    assert not any(c in done.out for c in "\x1b\x07\x9b\u202e")


def test_the_exit_codes_are_those_of_the_docs():
    table = (ROOT / "docs" / "exit-codes.md").read_text()
    for code, meaning in MEANING.items():
        assert f"| {code.value} | {code.name} | {meaning} |" in table
    assert set(MEANING) == set(Exit)


def test_the_version(cli: Cli):
    assert cli("--version").out.startswith("briefbot 0.")
