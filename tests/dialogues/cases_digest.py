"""The digest: when it comes, what it would say, and one now."""

from __future__ import annotations

from bot.core.talking import wording
from tests.dialogues.case import NOT_YOURS, PIER, TRIED, Case, Where, Who

DIGEST_CAN_BE = (
    "digest can be now, preview, on, off, pause, resume, a time like 09:00, days like mon-fri, a "
    "time zone like Europe/Paris, least 2, most 5, not"
)
OFF = "No digest comes: digest on turns it on."
NEXT = " The next one: …."
SEE = "\nTo see what it would say now: digest preview."
STORY = (" · 1 story\n", PIER, "2.4 million pounds", "bullet 1")
WEEKDAYS = "mon, tue, wed, thu, fri"
DIGEST = (
    Case(typed="digest", holds=(OFF, SEE)),
    Case(
        typed="digest on 9:00 mon-wed paris least 1",
        says="digest: no -> yes\ndigest_time: 09:00 (default) -> 09:00\ndigest_days: mon tue wed "
        "thu fri -> mon tue wed\nzone: UTC -> Europe/Paris\ndigest_least: 2 -> 1\nThe digest comes "
        "at 09:00 (Europe/Paris) on mon, tue, wed, with 1 story or more, 5 at most."
        f"{NEXT}",
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
        holds=(f"The digest comes at 09:00 (UTC) on {WEEKDAYS}, ", f" 5 at most.{NEXT}\n", SEE),
        own={"digest": True},
    ),
    Case(
        typed="digest on",
        says=NOT_YOURS,
        who=Who.ANYONE,
        where=Where.CHAT,
        refused=True,
    ),
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
        f"{WEEKDAYS} from 2031-12-24 on, with 2 stories or more, 5 at most."
        f"{NEXT}",
        own={"digest": True, "digest_from": "2031-12-24"},
        who=Who.ANYONE,
        where=Where.QUICK,
    ),
    Case(
        typed="digest resume",
        before=("digest on", "digest pause until 2031-12-24"),
        holds=("digest_from: 2031-12-24 -> none",),
        own={"digest": True, "digest_from": ""},
        where=Where.QUICK,
    ),
    Case(
        typed="Turn the digest on.",
        says=f"digest: no -> yes\nThe digest comes at 09:00 (UTC) on {WEEKDAYS}, with 2 stories "
        f"or more, 5 at most.{NEXT}",
        own={"digest": True},
        where=Where.QUICK,
    ),
    Case(
        typed="digest daily 18.30 try",
        holds=(f"{TRIED} digest_days: mon tue wed thu fri -> mon tue wed thu fri sat sun", OFF),
        where=Where.QUICK,
    ),
    Case(
        typed="digest 25:00",
        says=f"{DIGEST_CAN_BE} “25:00”.",
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="digest weekdys 9",
        says=f"{DIGEST_CAN_BE} “weekdys”. Did you mean “digest weekdays 9”?",
        refused=True,
    ),
    Case(
        typed="digest least 6",
        says="digest_least can be at most 5 here, as digest_most is, not 6. Change digest_most "
        "first, or both at once.",
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="digest least 6 most 8",
        holds=("digest_least: 2 -> 6\ndigest_most: 5 -> 8\n",),
        own={"digest_least": 6, "digest_most": 8},
        where=Where.QUICK,
    ),
    Case(typed="digest preview", holds=STORY),
    Case(typed="digest preview", says=wording.NOTHING_TO_TELL, empty=True, left=0, refused=True),
    Case(typed="digest now", holds=STORY, to_all=True),
    Case(
        typed="digest now",
        says=wording.NOTHING_TO_TELL,
        empty=True,
        left=0,
        refused=True,
        where=Where.QUICK,
    ),
    Case(typed="digest now", says=NOT_YOURS, who=Who.ANYONE, where=Where.CHAT, refused=True),
    Case(typed="digest preview", before=("digest now",), says=wording.NOTHING_TO_TELL),
    Case(typed="digest", before=("digest now",), holds=("\nThe last one: ",), where=Where.QUICK),
)
