"""Articles briefed, asked about, listed and searched, and the help."""

from __future__ import annotations

from bot.core.talking import wording
from tests.dialogues.case import LENGTHS, PIER, URL, Case, Where

MISSING = "https://sample.example/missing"
NOTHING_READ = "Nothing was read yet."
ARTICLES = (
    Case(typed=f"brief {URL}", holds=(PIER, "2.4 million pounds"), empty=True, to_all=True),
    Case(typed=f"brief {MISSING}", holds=(" was not found. Check the address",), refused=True),
    Case(typed="brief tea", holds=("too little text to brief.",), refused=True, where=Where.CHAT),
    Case(
        typed="brief",
        says="Something is missing. The whole command is: brief URL [QUESTION]",
        where=Where.CHAT,
        refused=True,
    ),
    Case(typed="ask How much did the repairs cost?", holds=("2.4 million pounds",)),
    Case(
        typed="ask Who painted the lighthouse blue?",
        holds=("The article doesn't say.",),
        where=Where.QUICK,
    ),
    Case(typed="ask who paid?", holds=(NOTHING_READ,), empty=True, left=0, refused=True),
    Case(
        typed="ask",
        says="Something is missing. The whole command is: ask QUESTION",
        where=Where.SLACK,
        refused=True,
    ),
    Case(typed="list", holds=(PIER, "The Sample Post")),
    Case(typed="List.", holds=(PIER,), where=Where.QUICK),
    Case(typed="list", says=wording.EMPTY_LIST, empty=True, left=0, refused=True),
    Case(typed="search pier repairs", holds=(PIER,)),
    Case(typed="search zeppelin", says=wording.NOTHING_FOUND, refused=True),
    Case(
        typed="search",
        says="Something is missing. The whole command is: search WORDS",
        where=Where.SLACK,
        refused=True,
    ),
    Case(typed="proof 1", holds=("Proof of bullet 1 of 2", "¶1")),
    Case(typed="proof 2", holds=("Proof of bullet 2 of 2",), in_thread=True, where=Where.CHAT),
    Case(
        typed="proof",
        holds=("Proof of bullet 1 of 2", "Proof of bullet 2 of 2"),
        where=Where.QUICK,
    ),
    Case(
        typed="proof 9",
        says="There is no bullet 9: the brief has 2 bullets.",
        refused=True,
    ),
    Case(
        typed="proof 1",
        holds=(NOTHING_READ,),
        empty=True,
        left=0,
        refused=True,
        where=Where.QUICK,
    ),
    Case(typed="usage", says=wording.NO_MODEL, where=Where.CHAT),
    Case(typed="usage", holds=("No model was asked in the last 30 days.",), where=Where.TERMINAL),
    Case(typed="usge", says="There is no command “usge”. Did you mean “usage”?", refused=True),
    Case(
        typed="why",
        posted=URL,
        holds=("The last link here", "not briefed: I wait for 📰 on it"),
        where=Where.CHAT,
    ),
    Case(typed="why", says=wording.NO_DECISION, where=Where.CHAT, empty=True, left=0, refused=True),
    Case(typed="why", holds=(PIER, "publisher's own bullets"), where=Where.TERMINAL),
    Case(
        typed="why",
        holds=(NOTHING_READ,),
        where=Where.TERMINAL,
        empty=True,
        left=0,
        refused=True,
    ),
    Case(typed="stop", says=wording.STOPPED, where=Where.CHAT),
    Case(
        typed="stopp",
        says="There is no command “stopp”. Did you mean “stop”?",
        where=Where.CHAT,
        refused=True,
    ),
)

HELP = (
    Case(
        typed="help",
        holds=(
            "digest [now|preview|on|off|pause|TIME|DAYS|ZONE] · Show or set the daily digest",
            "help COMMAND tells more",
            "The rest is for whoever invited me, and my admins.",
        ),
        lacks=("serve", "backup"),
        where=Where.CHAT,
    ),
    Case(typed="help", holds=("list · Show what was briefed", "serve"), where=Where.TERMINAL),
    Case(typed="help proof", holds=("proof [BULLET]", "For example: proof 2"), where=Where.QUICK),
    Case(
        typed="help length", holds=("Who may: anyone, where it makes me quieter",), where=Where.CHAT
    ),
    Case(
        typed="help settings",
        holds=(f"bullets = 5 · ({LENGTHS}) · Bullets of a brief", "settings bullets 8 sets one"),
        where=Where.QUICK,
    ),
    Case(
        typed="help lenght",
        says="There is no command “lenght”. Did you mean “help length”?",
        refused=True,
    ),
    Case(
        typed="serach tea",
        says="There is no command “serach”. Did you mean “search tea”?",
        refused=True,
    ),
    Case(
        typed="xyzzy",
        says="There is no command “xyzzy”. Type help for the list.",
        refused=True,
        where=Where.QUICK,
    ),
)
