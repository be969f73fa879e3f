"""Slack's own framework, connected over Socket Mode."""


async def test_a_listener_answers_a_mention(slack, app):
    @app.event("app_mention")
    async def answer(event, say):
        await say(f"you said {event['text']}", thread_ts=event["ts"])

    @app.event("message")
    async def ignore():
        pass

    await app.listen()
    slack.says("ada", "general", "@briefbot hello")
    await slack.until(lambda: len(slack.messages("general")) == 2)
    await slack.settled()
    assert slack.transcript("general") == [
        "ada: @briefbot hello",
        "  briefbot: you said @briefbot hello",
    ]
    kinds = [one.payload["event"]["type"] for one in slack.deliveries.all]
    assert kinds == ["message", "app_mention", "message"]
