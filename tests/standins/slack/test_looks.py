"""What people see of a channel, whom the bot would have called, which links would be live."""

from __future__ import annotations

import pytest

from tests.standins.slack.mentions import in_blocks, in_markdown, in_mrkdwn

BRIEF = [
    {"type": "header", "text": {"type": "plain_text", "text": "Bridge to close"}},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "It closes "},
                            {"type": "text", "text": "Monday", "style": {"bold": True}},
                        ],
                    },
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "link", "url": "https://a.example/", "text": "all"}],
                    },
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 1,
                "offset": 2,
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "c"}]}
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a\nb"}]},
        ],
    },
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "for <@U0ADA> &amp; all"}]},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": name},
                "action_id": name.lower(),
            }
            for name in ("Proof", "Shorter")
        ],
    },
]


async def test_a_thread_is_read_as_people_see_it(slack, client):
    top = slack.says("ada", "general", "@briefbot https://a.example/x, please\nall of it")
    await client.chat_postMessage(channel="C0GENERAL", thread_ts=top, text="brief", blocks=BRIEF)
    slack.reacts("bob", "general", top, "eyes")
    slack.edits("general", top, "@briefbot https://a.example/x")
    slack.says("feeds", "general", "<https://b.example|B>", bot=True, raw=True)
    slack.unfurls("general", top, "https://a.example/x", "The bridge")
    assert slack.transcript("general") == [
        "ada: @briefbot https://a.example/x (edited)",
        "  | The bridge",
        "  :eyes: bob",
        "  briefbot: # Bridge to close",
        "    • It closes Monday",
        "    • all <https://a.example/>",
        "      3. c",
        "    > a",
        "    > b",
        "    ---",
        "    for @ada & all",
        "    [Proof] [Shorter]",
        "feeds: B <https://b.example>",
    ]
    assert [(one.ts == slack.messages("general")[1].ts, one.mark) for one in slack.called] == [
        (True, "<@U0ADA>")
    ]
    assert [one.mark for one in slack.links] == ["https://a.example/"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<!here> and <!channel|@channel>", ["<!here>", "<!channel>"]),
        ("<@U0ADA|ada> in <#C0GENERAL>", ["<@U0ADA>", "<#C0GENERAL>"]),
        ("<!subteam^S1|@all>", ["<!subteam^S1>"]),
        ("<https://evil.example|news>", ["https://evil.example"]),
        ("<mailto:a@evil.example|a>", ["mailto:a@evil.example"]),
        ("see https://evil.example/a?b=c.", ["https://evil.example/a?b=c"]),
        ("HTTP://EVIL.EXAMPLE", ["HTTP://EVIL.EXAMPLE"]),
        ("&lt;!here&gt; a@evil.example", []),
        ("`<!here> https://evil.example`", ["<!here>"]),
        ("<!date^1^{date}^https://evil.example|x>", ["https://evil.example"]),
    ],
)
def test_what_is_live_in_mrkdwn(text, found):
    assert [one.mark for one in in_mrkdwn(text)] == found
    assert [one.mark for one in in_markdown(text)] == found


def test_what_is_live_in_markdown():
    found = in_markdown("[a](https://evil.example 'x') ![](https://evil.example/p.png) <!here>")
    marks = [one.mark for one in found]
    assert marks == ["https://evil.example", "https://evil.example/p.png", "<!here>"]


def test_what_is_live_in_blocks():
    def text(kind, **more):
        return {
            "type": "section",
            "text": {"type": kind, "text": "<!here> http://e.example", **more},
        }

    marks = [one.mark for one in in_blocks([text("mrkdwn")])]
    assert marks == ["<!here>", "http://e.example"]
    assert [one.mark for one in in_blocks([text("mrkdwn", verbatim=True)])] == ["<!here>"]
    assert list(in_blocks([text("plain_text")])) == []
    inline = [
        {"type": "user", "user_id": "U0ADA"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "broadcast", "range": "everyone"},
        {"type": "text", "text": "<!here> https://e.example"},
    ]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": inline}]}
    assert [one.mark for one in in_blocks([rich])] == [
        "<@U0ADA>",
        "<!subteam^S1>",
        "<#C1>",
        "<!everyone>",
    ]


async def test_what_the_bot_smuggles_is_remembered(slack, client):
    await client.chat_postMessage(channel="C0GENERAL", text="<!here>")
    made = await client.chat_postMessage(channel="C0GENERAL", text="fine")
    markdown = [{"type": "markdown", "text": "[x](https://evil.example)"}]
    await client.chat_update(channel="C0GENERAL", ts=made["ts"], text="fine", blocks=markdown)
    await client.chat_postEphemeral(channel="C0GENERAL", user="U0ADA", text="<!channel>")
    assert [one.mark for one in slack.called] == ["<!here>", "<!channel>"]
    assert [(one.ts, one.mark) for one in slack.links] == [(made["ts"], "https://evil.example")]
