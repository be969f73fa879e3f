"""What is typed, what is answered, and what the store holds after it: one table for every place.

An answer is compared as `plain_words` leaves it: without the prefix of the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from typing import TYPE_CHECKING, Any

from bot.core.talking import wording

if TYPE_CHECKING:
    from collections.abc import Mapping


class Who(Enum):
    """Who types: who invited us, somebody else of the channel, or an admin."""

    KEEPER = auto()
    ANYONE = auto()
    ADMIN = auto()


class Where(Flag):
    """Where a case holds. At the terminal whoever types may do everything."""

    TERMINAL = auto()
    SLACK = auto()
    MATRIX = auto()
    CHAT = SLACK | MATRIX
    EVERYWHERE = TERMINAL | SLACK | MATRIX


@dataclass(frozen=True, kw_only=True)
class Case:
    """`before` is typed first, by an admin. `says` is the whole answer, `holds` are parts of it.

    `own` is what the channel has set itself afterwards, by name; `left` how many articles are
    kept. Where a case begins `empty`, nothing was briefed; else the pier was, and {number} names
    it.
    """

    typed: str
    says: str = ""
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    who: Who = Who.KEEPER
    where: Where = Where.EVERYWHERE
    before: tuple[str, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)
    left: int = 1
    empty: bool = False

    def __str__(self) -> str:
        first = f"{'; '.join(self.before)}; " if self.before else ""
        who = "" if self.who is Who.KEEPER else f" ({self.who.name.lower()})"
        return f"{first}{self.typed}{who}".replace("https://", "")


PIER = "Old pier at Wexcombe to reopen after storm repairs"
URL = "https://sample.example/pier"
NOT_YOURS = (
    "Only those who look after this channel can do that: whoever invited me, and my admins. "
    "Anyone can make me quieter, and forget what he posted."
)
NO_ADMIN = (
    "Only my admins can set what holds in every channel: whoever is named in BRIEFBOT_ADMINS."
)
LOCKED = (
    "bullets is 4 in the whole workspace and can't be set in one channel. My admins can change "
    "that: settings all bullets unlock."
)
LENGTHS = "3 to 8 (or short, standard, long)"
DIGEST_CAN_BE = (
    "digest can be now, preview, on, off, pause, resume, a time like 09:00, days like mon-fri, a "
    "time zone like Europe/Paris, least 2, most 5, not"
)
OFF = "No digest comes: digest on turns it on."
WEEKDAYS = "mon, tue, wed, thu, fri"
TRIED = "Tried, nothing is changed:"
ARTICLES = (
    Case(typed=f"brief {URL}", holds=(PIER, "2.4 million pounds"), empty=True),
    Case(
        typed="brief",
        says="Something is missing. The whole command is: brief URL [QUESTION]",
        where=Where.CHAT,
    ),
    Case(typed="ask How much did the repairs cost?", holds=("2.4 million pounds",)),
    Case(typed="ask Who painted the lighthouse blue?", holds=("The article doesn't say.",)),
    Case(typed="ask who paid?", holds=("Nothing was read yet.",), empty=True, left=0),
    Case(
        typed="ask",
        says="Something is missing. The whole command is: ask QUESTION",
        where=Where.CHAT,
    ),
    Case(typed="list", holds=(PIER, "The Sample Post")),
    Case(typed="List.", holds=(PIER,)),
    Case(typed="list", says=wording.EMPTY_LIST, empty=True, left=0),
    Case(typed="search pier repairs", holds=(PIER,)),
    Case(typed="search zeppelin", says=wording.NOTHING_FOUND),
    Case(typed="proof 1", holds=("Proof of bullet 1 of 2", "¶1")),
    Case(typed="proof", holds=("Proof of bullet 1 of 2", "Proof of bullet 2 of 2")),
    Case(typed="proof 9", says="There is no bullet 9: the brief has 2 bullets."),
    Case(typed="proof 1", holds=("Nothing was read yet.",), empty=True, left=0),
    Case(typed="export", holds=(PIER, "2.4 million pounds")),
    Case(typed="export json", holds=(f'"headline": "{PIER}"',)),
    Case(typed="forget {number}", holds=("Erased: 1 article text",), left=0),
    Case(typed=f"forget {URL}", holds=("Erased: 1 article text",), left=0),
    Case(typed="forget mine", holds=("Erased: 1 article text",), left=0),
    Case(
        typed="forget 777",
        says="Nothing stored goes by “777”. See what there is with: list",
    ),
    Case(typed="forget {number}", says=NOT_YOURS, who=Who.ANYONE, where=Where.CHAT),
    Case(typed="forget mine", holds=("Nothing was read yet.",), who=Who.ANYONE, where=Where.CHAT),
    Case(
        typed="forget",
        says="Something is missing. The whole command is: forget NUMBER|URL|mine",
        where=Where.CHAT,
    ),
    Case(typed="usage", says=wording.NO_MODEL, where=Where.CHAT),
    Case(typed="why", says=wording.NO_DECISION, where=Where.CHAT, empty=True, left=0),
    Case(typed="why", holds=(PIER, "publisher's own bullets"), where=Where.TERMINAL),
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
    Case(
        typed="help proof",
        holds=("proof [BULLET]", "For example: proof 2"),
    ),
    Case(
        typed="help length", holds=("Who may: anyone, where it makes me quieter",), where=Where.CHAT
    ),
    Case(
        typed="help settings",
        holds=(f"bullets = 5 · ({LENGTHS}) · Bullets of a brief", "settings bullets 8 sets one"),
    ),
    Case(
        typed="help lenght",
        says="There is no command “lenght”. Did you mean “help length”?",
    ),
    Case(
        typed="serach tea",
        says="There is no command “serach”. Did you mean “search tea”?",
    ),
    Case(typed="xyzzy", says="There is no command “xyzzy”. Type help for the list."),
)

SETTINGS = (
    Case(typed="settings", holds=(f"bullets = 5 · ({LENGTHS})", "language = article")),
    Case(typed="settings mode", says="mode = reaction · (off, mention, reaction, automatic)"),
    Case(typed="settings bullets 8", says="bullets: 5 -> 8", own={"bullets": 8}),
    Case(typed="settings bullets = 8", says="bullets: 5 -> 8", own={"bullets": 8}),
    Case(typed="Settings “bullets”: long.", says="bullets: 5 -> 8", own={"bullets": 8}),
    Case(typed="set length to short", says="bullets: 5 -> 3", own={"bullets": 3}),
    Case(typed="settings bullets 3", says="bullets: 5 -> 3", own={"bullets": 3}, who=Who.ANYONE),
    Case(typed="settings bullets 8", says=NOT_YOURS, who=Who.ANYONE, where=Where.CHAT),
    Case(
        typed="settings bullets 8",
        before=("settings bullets 8",),
        says=wording.ALREADY_SO,
        own={"bullets": 8},
    ),
    Case(
        typed="settings bullets",
        before=("settings bullets 8",),
        says=f"bullets = 8 · ({LENGTHS}; set here)",
        own={"bullets": 8},
    ),
    Case(
        typed="settings bullets default",
        before=("settings bullets 8",),
        says="bullets: 8 -> 5 (default)",
    ),
    Case(typed="settings bullets 9", says=f"bullets can be {LENGTHS}, not “9”."),
    Case(
        typed="settings mode autmatic",
        says="mode can be off, mention, reaction, automatic, not “autmatic”. Did you mean "
        "“settings mode automatic”?",
    ),
    Case(
        typed="settings bulets 8",
        says="There is no setting “bulets”. Did you mean “settings bullets 8”?",
    ),
    Case(typed="settings xyzzy 8", holds=("There is no setting “xyzzy”. There are: ",)),
    Case(
        typed="settings digest_least 6",
        says="digest_least can be at most 5 here, as digest_most is, not 6. Change digest_most "
        "first, or both at once.",
    ),
    Case(
        typed="settings mode automatic try",
        says=f"{TRIED} mode: reaction -> automatic\nI brief every link that is posted, up to 10 "
        "messages an hour.",
    ),
    Case(typed="settings mode automatic try", says=NOT_YOURS, who=Who.ANYONE, where=Where.CHAT),
    Case(
        typed="settings own_wording yes try",
        holds=(f"{TRIED} own_wording: no -> yes", wording.AS_IT_WOULD_LOOK, PIER),
    ),
    Case(
        typed="settings log",
        before=("settings bullets 7", "language es"),
        holds=("language article → es", "bullets 5 → 7"),
        own={"bullets": 7, "language": "es"},
    ),
    Case(typed="language", says="language = article · (article, en, es, fr, it, nl, pt)"),
    Case(typed="language French", says="language: article -> fr", own={"language": "fr"}),
    Case(typed="language = español", says="language: article -> es", own={"language": "es"}),
    Case(
        typed="language frensh",
        says="language can be article, en, es, fr, it, nl, pt, not “frensh”. Did you mean "
        "“settings language fr”?",
    ),
    Case(
        typed="language klingon",
        says="language can be article, en, es, fr, it, nl, pt, not “klingon”.",
    ),
    Case(typed="language fr", says=NOT_YOURS, who=Who.ANYONE, where=Where.CHAT),
    Case(typed="length", says=f"bullets = 5 · ({LENGTHS})"),
    Case(typed="length long", says="bullets: 5 -> 8", own={"bullets": 8}),
    Case(typed="length 2", says=f"bullets can be {LENGTHS}, not “2”."),
    Case(
        typed="length 8 try",
        holds=(f"{TRIED} bullets: 5 -> 8", wording.AS_IT_WOULD_LOOK, PIER),
    ),
    Case(
        typed="length 8 try",
        says=f"{TRIED} bullets: 5 -> 8\nBullets of a brief: 8.\n{wording.NO_BRIEF_TO_SHOW}",
        empty=True,
        left=0,
    ),
)

WORKSPACE = (
    Case(typed="settings all", holds=("What holds in every channel",), who=Who.ADMIN),
    Case(typed="settings all bullets 4", says=NO_ADMIN, where=Where.CHAT),
    Case(typed="settings all bullets 4 try", says=NO_ADMIN, who=Who.ANYONE, where=Where.CHAT),
    Case(
        typed="settings all bullets 4",
        holds=("bullets: 5 (default) -> 4\nIt changed in 1 of 1 channel.\n", ": 5 -> 4"),
        who=Who.ADMIN,
    ),
    Case(
        typed="settings all bullets 4",
        before=("settings bullets 8",),
        says="bullets: 5 (default) -> 4\nIt changed in 0 of 1 channel, 1 keeps its own.",
        own={"bullets": 8},
        who=Who.ADMIN,
    ),
    Case(
        typed="settings all mode automatic try",
        holds=(
            f"{TRIED} mode: reaction (default) -> automatic\n",
            "It would change in 1 of 1 channel, 1 of them louder.\n",
        ),
        who=Who.ADMIN,
    ),
    Case(
        typed="settings bullets",
        before=("settings all bullets 4",),
        says=f"bullets = 4 · ({LENGTHS}; the workspace's)",
    ),
    Case(typed="settings bullets 3", before=("settings all bullets 4 lock",), says=LOCKED),
    Case(
        typed="settings bullets 3",
        before=("settings all bullets 4 lock",),
        says=LOCKED,
        who=Who.ADMIN,
    ),
    Case(
        typed="settings bullets",
        before=("settings bullets 8", "settings all bullets 4 lock"),
        says=f"bullets = 4 · ({LENGTHS}; locked for the workspace)",
        own={"bullets": 8},
    ),
    Case(
        typed="settings bullets 3",
        before=("settings all bullets 4 lock", "settings all bullets unlock"),
        says="bullets: 4 -> 3",
        own={"bullets": 3},
    ),
    Case(
        typed="settings all log",
        before=("settings all bullets 6 lock",),
        holds=("bullets 5 (default) → 6 (locked)",),
        who=Who.ADMIN,
    ),
    Case(
        typed="settings all bulets 4",
        says="There is no setting “bulets”. Did you mean “settings all bullets 4”?",
        who=Who.ADMIN,
    ),
)

DIGEST = (
    Case(typed="digest", says=OFF),
    Case(
        typed="digest on 9:00 mon-wed paris least 1",
        says="digest: no -> yes\ndigest_time: 09:00 (default) -> 09:00\ndigest_days: mon tue wed "
        "thu fri -> mon tue wed\nzone: UTC -> Europe/Paris\ndigest_least: 2 -> 1\nThe digest comes "
        "at 09:00 (Europe/Paris) on mon, tue, wed, with 1 story or more, 5 at most.",
        own={
            "digest": True,
            "digest_time": "09:00",
            "digest_days": "mon tue wed",
            "zone": "Europe/Paris",
            "digest_least": 1,
        },
    ),
    Case(
        typed="digest",
        before=("digest on",),
        says=f"The digest comes at 09:00 (UTC) on {WEEKDAYS}, with 2 stories or more, 5 at most.",
        own={"digest": True},
    ),
    Case(typed="digest on", says=NOT_YOURS, who=Who.ANYONE, where=Where.CHAT),
    Case(
        typed="digest off",
        before=("digest on",),
        says=f"digest: yes -> no\n{OFF}",
        own={"digest": False},
        who=Who.ANYONE,
    ),
    Case(
        typed="digest pause until 2031-12-24",
        before=("digest on",),
        says="digest_from: none -> 2031-12-24\nThe digest comes at 09:00 (UTC) on "
        f"{WEEKDAYS} from 2031-12-24 on, with 2 stories or more, 5 at most.",
        own={"digest": True, "digest_from": "2031-12-24"},
        who=Who.ANYONE,
    ),
    Case(
        typed="digest resume",
        before=("digest on", "digest pause until 2031-12-24"),
        holds=("digest_from: 2031-12-24 -> none",),
        own={"digest": True, "digest_from": ""},
    ),
    Case(
        typed="Turn the digest on.",
        says=f"digest: no -> yes\nThe digest comes at 09:00 (UTC) on {WEEKDAYS}, with 2 stories "
        "or more, 5 at most.",
        own={"digest": True},
    ),
    Case(
        typed="digest daily 18.30 try",
        holds=(f"{TRIED} digest_days: mon tue wed thu fri -> mon tue wed thu fri sat sun", OFF),
    ),
    Case(typed="digest 25:00", says=f"{DIGEST_CAN_BE} “25:00”."),
    Case(
        typed="digest weekdys 9",
        says=f"{DIGEST_CAN_BE} “weekdys”. Did you mean “digest weekdays 9”?",
    ),
    Case(
        typed="digest least 6",
        says="digest_least can be at most 5 here, as digest_most is, not 6. Change digest_most "
        "first, or both at once.",
    ),
    Case(
        typed="digest least 6 most 8",
        holds=("digest_least: 2 -> 6\ndigest_most: 5 -> 8\n",),
        own={"digest_least": 6, "digest_most": 8},
    ),
)

CASES = (*ARTICLES, *HELP, *SETTINGS, *WORKSPACE, *DIGEST)

_PREFIX = re.compile(r"(?:/brief|!brief|briefbot) ")
_GAP = re.compile(r" {2,}")


def plain_words(answer: str) -> str:
    """Return an answer without what belongs to its place: prefix, columns, who keeps it."""
    lines = [_GAP.sub(" · ", line.strip()) for line in answer.strip().splitlines()]
    text = "\n".join(line for line in lines if line)
    return _PREFIX.sub("", text).replace("the room's moderators, ", "")


def cases(where: Where) -> list[Case]:
    """Return the cases of a place."""
    return [one for one in CASES if where in one.where]
