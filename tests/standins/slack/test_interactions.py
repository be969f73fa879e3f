"""Commands, shortcuts, buttons and forms, answered by an app of Slack's own framework."""

from __future__ import annotations

import pytest

from tests.standins.slack import Impossible
from tests.standins.slack.forms import HOME, LENGTH, MODAL, OPTIONS, SHOWN, plain
from tests.standins.slack.talking import error, refused


async def test_a_command_is_answered_with_its_ack_and_later(slack, app):
    @app.command("/brief")
    async def brief(ack, command, respond):
        assert command["channel_name"] == "general"
        await ack(f"reading {command['text']}")
        await respond("done", response_type="in_channel")

    await app.listen()
    sent = slack.commands("ada", "general", "/brief", "https://a.example")
    assert await sent.done() == {"text": "reading https://a.example"}
    await slack.until(lambda: len(slack.messages("general")) == 2)
    assert slack.acks[0] == {"text": "reading https://a.example"}
    assert sorted(slack.transcript("general")) == [  # the ack may be overtaken
        "briefbot (only to U0ADA): reading https://a.example",
        "briefbot: done",
    ]


async def test_a_button_leads_to_a_modal_that_is_submitted(slack, app):
    @app.action("proof")
    async def proof(ack, body, client):
        await ack()
        assert body["message"]["blocks"][0]["block_id"] == "b"
        assert body["actions"][0]["value"] == "1"
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("settings")
    async def settings(ack, view):
        values = view["state"]["values"]
        if values["topic"]["topic"]["value"] == "bad":
            await ack(response_action="errors", errors={"topic": "not that"})
        else:
            assert values["length"]["length"]["selected_option"]["value"] == "long"
            await ack()

    await app.listen()
    made = await app.client.chat_postMessage(channel="C0GENERAL", text="x", blocks=SHOWN)
    await slack.presses("ada", "general", made["ts"], "proof").done()
    await slack.until(lambda: slack.modal("ada"))
    view = slack.modal("ada")
    assert slack.view_seen(view) == [
        "== Settings",
        "Topic: [plain_text_input ▾]",
        "Length: [Short ▾]",
        "[Save]",
    ]
    await slack.submits("ada", view.id, {"topic": "bad", "length": "Long"}).done()
    assert view.errors == {"topic": "not that"}
    assert "! not that" in slack.view_seen(view)
    await slack.submits("ada", view.id, {"topic": "good", "length": "long"}).done()
    assert view.closed
    assert slack.modal("ada") is None
    assert slack.complaints == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "has to be filled in"),
        ({"topic": "x" * 21}, "0 to 20 characters"),
        ({"topic": "x", "length": "huge"}, "no option 'huge'"),
        ({"topic": "x", "colour": "red"}, "no input colour"),
    ],
)
async def test_a_form_lets_nobody_do_what_it_cannot(slack, client, values, reason):
    await client.views_open(trigger_id=slack.trigger("U0ADA"), view=MODAL)
    with pytest.raises(Impossible, match=reason):
        slack.submits("ada", slack.modal("ada").id, values)


@pytest.mark.parametrize("kind", ["update", "push", "clear"])
async def test_what_a_submission_can_be_answered_with(slack, app, kind):
    other = {"type": "modal", "title": plain("Done"), "blocks": []}

    @app.view("settings")
    async def settings(ack):
        await ack(response_action=kind, **({} if kind == "clear" else {"view": other}))

    await app.listen()
    await app.client.views_open(trigger_id=slack.trigger("U0ADA"), view=MODAL)
    await slack.submits("ada", slack.modal("ada").id, {"topic": "x"}).done()
    seen = slack.modal("ada")
    assert (seen and slack.view_seen(seen)) == (None if kind == "clear" else ["== Done"])


async def test_an_answer_that_slack_would_not_understand_is_complained_of(slack, app):
    @app.view("settings")
    async def settings(ack):
        await ack(response_action="errors", errors={"elsewhere": "no"})

    await app.listen()
    await app.client.views_open(trigger_id=slack.trigger("U0ADA"), view=MODAL)
    await slack.submits("ada", slack.modal("ada").id, {"topic": "x"}).done()
    assert slack.complaints == ["errors of no input: {'elsewhere': 'no'}"]


async def test_a_trigger_is_good_once_and_for_three_seconds(client, slack):
    trigger = slack.trigger("U0ADA")
    await client.views_open(trigger_id=trigger, view=MODAL)
    again = client.views_open(trigger_id=trigger, view=MODAL)
    assert await error(again) == "exchanged_trigger_id"
    made_up = client.views_open(trigger_id="1.2.x", view=MODAL)
    assert await error(made_up) == "invalid_trigger_id"
    trigger = slack.trigger("U0ADA")
    slack.trigger_life = 0
    late = client.views_open(trigger_id=trigger, view=MODAL)
    assert await error(late) == "expired_trigger_id"
    assert await error(client.views_open(view=MODAL)) == "invalid_arguments"


async def test_a_view_is_updated_unless_it_changed_meanwhile(slack, client):
    opened = await client.views_open(trigger_id=slack.trigger("U0ADA"), view=MODAL)
    view = opened["view"]
    changed = {**MODAL, "title": plain("Other")}
    await client.views_update(view_id=view["id"], hash=view["hash"], view=changed)
    assert slack.view_seen(slack.modal("ada"))[0] == "== Other"
    again = client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    assert await error(again) == "hash_conflict"
    too_many = {**MODAL, "blocks": [{"type": "divider"}] * 101}
    found = await refused(client.views_update(view_id=view["id"], view=too_many))
    assert "no more than 100" in found["response_metadata"]["messages"][0]


async def test_closing_a_modal_is_told_where_it_was_asked_for(slack, app):
    closed = []

    @app.view_closed("settings")
    async def close(ack, view):
        await ack()
        closed.append(view["id"])

    await app.listen()
    for asked in (True, False):
        view = {**MODAL, "notify_on_close": asked}
        await app.client.views_open(trigger_id=slack.trigger("U0ADA"), view=view)
        slack.closes("ada", slack.modal("ada").id)
    await slack.settled()
    assert len(closed) == 1
    assert slack.modal("ada") is None


async def test_a_home_is_published_and_pressed(slack, app):
    pressed = []

    @app.event("app_home_opened")
    async def opened(event, client):
        await client.views_publish(user_id=event["user"], view=HOME)

    @app.action("proof")
    async def proof(ack, body):
        await ack()
        pressed.append((body["container"]["type"], body["user"]["id"], "message" in body))

    await app.listen()
    slack.opens_home("ada")
    await slack.until(lambda: slack.home("ada"))
    assert slack.home_seen("ada") == ["Hello", "[Proof]"]
    await slack.presses("ada", "ada", slack.home("ada").id, "proof").done()
    assert pressed == [("view", "U0ADA", False)]
    assert slack.home_seen("bob") == []
    with pytest.raises(Impossible):
        slack.presses("bob", "bob", slack.home("ada").id, "proof")


async def test_a_choice_in_a_view_is_kept_in_its_state(slack, client):
    form = {**MODAL, "blocks": [*MODAL["blocks"], {"type": "actions", "elements": [
        {**LENGTH, "action_id": "tone", "initial_option": OPTIONS[1]}]}]}  # fmt: skip
    await client.views_open(trigger_id=slack.trigger("U0ADA"), view=form)
    view = slack.modal("ada")
    sent = slack.presses("ada", "general", view.id, "tone", option="Short")
    assert sent.payload["actions"][0]["selected_option"] == OPTIONS[0]
    values = sent.payload["view"]["state"]["values"].values()
    assert [one["tone"]["selected_option"]["value"] for one in values] == ["short"]


async def test_a_shortcut_has_the_message(slack, app):
    chosen = []

    @app.shortcut("brief_this")
    async def brief(ack, shortcut):
        await ack()
        chosen.append((shortcut["message"]["text"], shortcut["channel"]["id"]))

    await app.listen()
    ts = slack.says("ada", "general", "hi")
    await slack.shortcut("bob", "general", ts, "brief_this").done()
    assert chosen == [("hi", "C0GENERAL")]


async def test_a_command_that_nobody_takes_is_not_sent_again(slack, app):
    slack.deliveries.redeliver_after = 0.05
    await app.listen()
    sent = slack.commands("ada", "general", "/brief")
    await sent.done()
    assert (sent.attempts, sent.failed) == (1, "timeout")
    slack.scopes -= {"commands"}
    with pytest.raises(Impossible):
        slack.commands("ada", "general", "/brief")
