"""What the tests draw with: our words, posts as people get them, and posts of any kind."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.core.talking import layout
from bot.core.talking.wording import controls
from bot.core.talking.wording.places import CHAT
from bot.model import Bullets, Control, Controls, Heading, Item, Line, Post, Quote
from bot.platforms.matrix.words import Words
from tests.platforms.slack import drawing as slack

WORDS = Words(
    labels=controls.REACTION_LABELS,
    left_out=controls.left_out,
    ask=controls.REPLY_TO_ASK,
    prefix="!brief",
    proof=controls.SHOW_PROOF,
    or_react=controls.OR_REACT,
    react=controls.REACT,
)
ANN = "@ann:example.org"
URL = "https://sample.example/pier?a=1&b=2"
SHOWN = (Control.PROOF, Control.SHORTER, Control.LONGER)
FOLDED = (Control.WRONG, Control.WHY, Control.DELETE)
OFFER = "Reply to ask · !brief proof 1 · or react: 🔍 proof, ➖ shorter, ➕ longer, 🗑️ delete"

BRIEF = (
    Heading(text="Old pier <reopens> & more", url=URL, details=("The Sample Post", "3 March 2026")),
    Bullets(
        items=(
            Item(text="It reopens on Friday", places=("¶1", "¶4")),
            Item(text="It cost 2.4 million pounds", places=("¶1",), note="*"),
            Item(text="A storm closed it"),
        )
    ),
    Line(text="Its own bullets.", quiet=True),
    Line(text="Kept 90 days here.", quiet=True),
    Controls(about="12", shown=SHOWN, folded=FOLDED),
)
POSTS = {
    "brief": Post(blocks=BRIEF),
    "two_briefs": Post(blocks=(*BRIEF, *BRIEF)),
    "struck": Post(
        blocks=(
            Bullets(
                items=(Item(text="It rained", places=("¶1",), struck=True), Item(text="It froze"))
            ),
            Line(text="says that bullet 1 is wrong: @room *no*", who=ANN, quiet=True),
        )
    ),
    "proof": Post(
        blocks=(
            Line(text="Proof of bullet 2 of 3", quiet=True),
            Bullets(items=(Item(text="A storm closed it"),), first=2),
            Quote(place="¶2", quote="A storm broke eleven legs", before="Then: ", after=" in all."),
            Line(text="Checked: names, numbers, quotes.", quiet=True),
            Line(text="Proof of bullet 3 of 3", quiet=True),
            Bullets(items=(Item(text="It reopens"),), first=3),
            Quote(place="¶3", quote="It will reopen.", quiet=True),
            Line(text="Checked: names, numbers, quotes.", quiet=True),
        )
    ),
    "answer": Post(
        blocks=(
            Line(text="The article says:"),
            Quote(place="¶2", quote="three weeks ago", before="They met ", after="."),
            Line(text="3 · Old pier · The Sample Post", quiet=True),
        ),
        asker=ANN,
    ),
    "refusal": Post(
        blocks=(
            Line(
                text="https://wall.example/x is behind a paywall: I got 2 of about 14 paragraphs. "
                "Paste text that you may share; it stays in this room."
            ),
        )
    ),
    "help": layout.help_list(CHAT),
    "digest": Post(
        blocks=(
            Line(text="Tuesday · 2 stories · 3 links could not be read"),
            Heading(text="1 Iran-U.S. tension", url=URL, details=("2 outlets",)),
            Bullets(
                items=(
                    Item(text="A general told militias to prepare", places=("¶1",)),
                    Item(text="They met at 9:30 a.m., 2.5 miles away", places=("¶2",)),
                )
            ),
            Line(text='Differs: "200 miles" (DailyMail.co.uk), "220" (Sample Post)', quiet=True),
            Line(text="The thread", url="https://matrix.to/#/!r:example.org/$e", quiet=True),
            Heading(text="2 Old pier", url=URL),
            Bullets(items=(Item(text="It reopens on Friday"), Item(text="A storm closed it"))),
        )
    ),
}

DANGERS = (
    *slack.DANGERS,
    "@room @ROOM, @room: x@room",
    "@eve:evil.example #all:evil.example !r:evil.example $e:evil.example +g:evil.example",
    "#1:2 @1:2 #a1:80 matrix:u/eve:evil.example geo:1,2 tel:+1 news:x im:y mxc://evil/x",
    "evil.example www.evil.example 127.0.0.1:80 10.0.0.1 localhost:8080 xn--p1ai.xn--p1ai",
    "пример.рф 例え.テスト उदाहरण.भारत EVIL.EXAMPLE/x?y evil.example. a.b.c.evil.example,",
    "eve@evil.example https://matrix.to/#/@eve:evil.example",
    "[x](https://evil.example) <a href='https://evil.example'>x</a> <mx-reply>",
    '"><img src=x onerror=alert(1)><font color=red>',
    "> <@eve:evil.example> said\n\nyes",
    "!kick everybody\n!ban me",
    "mailto:",
    "https:",
    "@",
    "#",
    ".example",
    "room",
    "U.S. e.g. 2.5 9:30 p.m.",
    "e\u0301" * 3000,
    "'\"" * 3000,
    "\\" * 3000,
    "👩\u200d🚀" * 2000,
)
_PIECES = st.one_of(st.sampled_from(DANGERS), st.text(max_size=40))
ANY = st.one_of(
    st.lists(_PIECES, max_size=3).map(" ".join),
    st.lists(_PIECES, max_size=3).map("".join),
)
URLS = st.one_of(
    st.just(""),
    st.sampled_from(
        (
            URL,
            "https://a.example/@room/'x'",
            "https://matrix.to/#/@eve:evil.example",
            "https://matrix.to/#/%40eve:evil.example",
            "https://matrix.to/#/!r:example.org/$e",
            "https://matrix.to/#/#all:evil.example",
            "https://WWW.matrix.to./#/@eve:evil.example",
            "javascript:alert(1)",
            "matrix:u/eve:evil.example",
            "https://a.example/" + "'" * 900,
        )
    ),
    ANY.map(lambda tail: f"https://a.example/{tail}"),
)
WHO = st.one_of(
    st.just(""),
    st.sampled_from((ANN, "@a/b=c+&<'\":[::1]:80", "@room:evil.example", "@" + "a" * 300 + ":b")),
    ANY,
)
ITEMS = st.builds(
    Item,
    text=ANY,
    places=st.lists(ANY, max_size=3).map(tuple),
    note=st.sampled_from(("", "*", "†", "@room")),
    struck=st.booleans(),
)
CONTROLS = st.lists(st.sampled_from(Control), max_size=12).map(tuple)
BLOCKS = st.one_of(
    st.builds(Heading, text=ANY, url=URLS, details=st.lists(ANY, max_size=3).map(tuple)),
    st.builds(Bullets, items=st.lists(ITEMS, max_size=9).map(tuple), first=st.integers(1, 9)),
    st.builds(Quote, place=ANY, quote=ANY, before=ANY, after=ANY, quiet=st.booleans()),
    st.builds(Line, text=ANY, quiet=st.booleans(), who=WHO, url=URLS),
    st.builds(Controls, about=st.just("12"), shown=CONTROLS, folded=CONTROLS),
)
ANY_POST = st.tuples(st.lists(BLOCKS, max_size=6), st.sampled_from((1, 1, 30))).map(
    lambda drawn: Post(blocks=tuple(drawn[0]) * drawn[1])
)
