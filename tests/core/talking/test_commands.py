"""What is a command, in whatever way it is typed, and what only begins like one."""

import pytest

from bot.core.talking.commands import COMMANDS, Typed, chat_commands, parse, setting_of, takes_work
from bot.core.talking.listen import Asked, ordered, understand
from bot.errors import UnknownCommand

LINK = "https://news.example/harbour"

SENTENCES = """
Brief summary of what the minister said
Brief me on the harbour story when you can
brief and to the point, isn't it
Briefly, what was the cost?
Is the brief wrong about the cost?
Digest of the week would be nice to have
Digest this for me please
Digest the article into three lines
digest what the committee said
Digestion of milk takes two hours
Does the digest come today?
List the ministers who resigned
List of the ships that sank
list everything that happened on Monday
listing ships were towed away
Lists of the dead were published
Search parties found nothing?
Search and rescue, who led it?
search was called off when?
Proof of the claim is missing
proof that the mayor knew
Proofs were handed over on Monday
proof please
Settings of the new cabinet?
Settings in which the ministers met
Setting up the inquiry took how long?
settings for the peace talks were secret
Language of the treaty, which one?
Language was a problem for the witnesses
language barrier
Language matters
language used by the minister
Length of the tunnel in metres
length matters here
Length was measured twice
length of the sentence
Forget what I said before
Forget it
forget the other article and tell me who paid
forget me not
Forgetting curves explained
Export of grain fell by how much?
Export figures for last year
export controls were lifted
exports fell
Usage of the port rose
usage figures please
Why did the captain turn back?
Why?
why was it closed
why not
Help the reader understand this
help me
Help arrived at noon
helpers were praised by whom?
Help is on the way
Stop the war, who said that?
stop signs were removed
Stopped ships were searched
Ask? He never did?
Set in stone are the terms
set the scene for me
Change of plans was announced by whom?
make the deal clearer
Pause in the talks was agreed
pause the talks
Turn the page
Resume talks, said who
what is the digest?
how long is a brief?
The list is long
""".strip().splitlines()


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_that_begins_with_a_commands_word_is_none(text):
    assert understand(text) == Asked(text=text)


def test_these_are_many_and_of_every_command():
    assert len(SENTENCES) >= 60
    begun = {text.split()[0].lower() for text in SENTENCES}
    assert {one.name for one in chat_commands()} - begun <= {"ask"}


COMMANDS_AS_TYPED = [
    ("list", "list", ""),
    ("List.", "list", ""),
    ("LIST!", "list", ""),
    ("“list”", "list", ""),
    ("/list", "list", ""),
    ("! list", "list", ""),
    ("Help!", "help", ""),
    ("help?", "help", ""),
    ("help digest", "help", "digest"),
    ("proof 2.", "proof", "2"),
    ("proof #2", "proof", "#2"),
    ("forget mine.", "forget", "mine"),
    ("forget 3", "forget", "3"),
    (f"forget {LINK}", "forget", LINK),
    ("export JSON", "export", "JSON"),
    ("digest", "digest", ""),
    ("digest now", "digest", "now"),
    ("Digest: on 9:00 paris", "digest", "on 9:00 paris"),
    ("digest mon–fri", "digest", "mon-fri"),
    ("digest nwo", "digest", "nwo"),
    ("pause the digest", "digest", "pause"),
    ("pause digest 2 weeks", "digest", "pause 2 weeks"),
    ("resume the digest", "digest", "resume"),
    ("turn the digest off", "digest", "off"),
    ("language german", "language", "german"),
    ("language = fr", "language", "fr"),
    ("language: fr", "language", "fr"),
    ("language to French", "language", "French"),
    ("language=fr", "language", "fr"),
    ("language frensh", "language", "frensh"),
    ("language fr try", "language", "fr try"),
    ("length 8", "length", "8"),
    ("length “short”", "length", "short"),
    ("length is long", "length", "long"),
    ("settings bullets = 8", "settings", "bullets = 8"),
    ("settings: bullets 8", "settings", "bullets 8"),
    ("settings bulets 8", "settings", "bulets 8"),
    ("settings ignore a.example b.example", "settings", "ignore a.example b.example"),
    ("settings mode automatic try", "settings", "mode automatic try"),
    ("settings all bullets 4 lock", "settings", "all bullets 4 lock"),
    ("set length to short", "settings", "bullets short"),
    ("Set the language to French.", "settings", "language French"),
    ("change mode to mention", "settings", "mode mention"),
    (f"brief {LINK}", "brief", LINK),
    (f"Brief: {LINK}", "brief", LINK),
    ("search tankers this week", "search", "tankers this week"),
    ("ask who paid?", "ask", "who paid?"),
]


@pytest.mark.parametrize(("text", "name", "argument"), COMMANDS_AS_TYPED)
def test_a_command_is_one_however_it_is_typed(text, name, argument):
    found = parse(text)
    assert found is not None
    assert (found.command.name, found.argument) == (name, argument)


@pytest.mark.parametrize(
    ("text", "meant", "line"),
    [
        ("/serach tea", "search", "search tea"),
        ("/setings bullets 8", "settings", "settings bullets 8"),
        ("/lenght 8", "length", "length 8"),
        ("!digset now", "digest", "digest now"),
        ("/xyzzy 8", "", ""),
    ],
)
def test_a_mistyped_word_is_told_with_the_whole_line(text, meant, line):
    with pytest.raises(UnknownCommand) as told:
        parse(text)
    assert (told.value.meant, told.value.line) == (meant, line)


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("settings bullets 8", "bullets 8"),
        ("language fr", "language fr"),
        ("language", "language"),
        ("length short try", "bullets short try"),
        ("list", ""),
    ],
)
def test_three_commands_set_the_same_settings(text, follows):
    found = parse(text)
    assert found is not None
    assert setting_of(found) == follows


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        (f"brief {LINK}", True),
        ("ask who?", True),
        ("stop", True),
        ("list", False),
        ("settings bullets 8", False),
        ("settings bullets 8 try", True),
        ("settings bullets default try", True),
        ("length 8 try", True),
        ("language fr try", True),
        ("settings mode off try", False),
        ("settings colour try", False),
        ("digest now", True),
        ("digest preview", True),
        ("digest on", False),
        ("digest nwo", False),
    ],
)
def test_what_is_written_takes_work(text, is_so):
    found = ordered(text)
    assert isinstance(found, Typed)
    assert takes_work(found) is is_so


def test_every_command_has_what_help_says_of_it():
    for command in COMMANDS:
        assert command.summary.endswith((".", ")"))
        assert len(command.summary) < 100
        for example in command.examples:
            assert command in chat_commands() or example == ""


@pytest.mark.parametrize("command", chat_commands(), ids=lambda one: one.name)
def test_every_example_is_a_command(command):
    for example in command.examples:
        if example or not command.arguments or command.arguments.startswith("["):
            found = parse(f"/{command.name} {example}".strip())
            assert found is not None
            assert found.command == command
