"""How the tests talk to the model server: with the prompts of this repository."""

import json
import re
from pathlib import Path

ARTICLE = """[H] Harbour bridge of Marlow to close
[S] The bridge over the harbour of Marlow will close for 7 weeks from Monday while it is painted.
[P1] About 300 people an hour cross the bridge on foot, most of them from the station. It is old.
[P2] The council of Marlow said that rust had taken 12 tonnes of steel since the spring of 2019.
[P3] “We looked at 4 offers and took the cheapest,” said Dr. Ada Byron, the mayor of the town.
[P4] The work is to cost 2.5 million pounds, of which the county pays about one half."""
TOLD = {
    name: (Path("prompts") / f"{name}.md").read_text().partition("# system")[2].partition("# user")
    for name in ("brief", "repair", "answer")
}
ITEM = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("text", "label", "quote")},
    "required": ["text", "label", "quote"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {"bullets": {"type": "array", "items": {"$ref": "#/$defs/Bullet"}}},
    "required": ["bullets"],
    "additionalProperties": False,
    "$defs": {"Bullet": ITEM},
}
STRICT = {"name": "brief", "strict": True, "schema": SCHEMA}


def prompt(name, **given):
    known = {"mark": "=42=", "article": ARTICLE, "articles": ARTICLE, "bullets": "3", **given}
    if name == "repair":
        known["instructions"] = prompt("brief")[0]["content"]
    system, _, user = TOLD[name]
    texts = [
        re.sub(r"\{\{(\w+)\}\}", lambda match: known.get(match[1], ""), one)
        for one in (system, user)
    ]
    roles = ("system", "user")
    return [
        {"role": role, "content": text.strip()} for role, text in zip(roles, texts, strict=True)
    ]


def body(name="brief", **changes):
    return {"model": "stand-in", "messages": prompt(name), **changes}


def question(text):
    return body(messages=prompt("answer", question=text))


def schema(**changes):
    return {"response_format": {"type": "json_schema", "json_schema": {**STRICT, **changes}}}


async def ask(session, model, sent=None, **given):
    url = f"{model.url}/chat/completions"
    async with session.post(url, json=sent or body(), **given) as answer:
        return answer.status, await answer.json()


async def content(session, model, sent=None):
    status, found = await ask(session, model, sent)
    assert status == 200
    return found["choices"][0]["message"]["content"]


async def bullets(session, model, sent=None):
    return json.loads(await content(session, model, sent))["bullets"]


async def stream(session, model, **changes):
    url = f"{model.url}/chat/completions"
    async with session.post(url, json=body(stream=True, **changes)) as answer:
        assert answer.content_type == "text/event-stream"
        raw = (await answer.read()).decode()
    lines = [line for line in raw.splitlines() if line and not line.startswith(":")]
    assert all(line.startswith("data: ") for line in lines)
    return [line.removeprefix("data: ") for line in lines]


def joined(events):
    chunks = [json.loads(one) for one in events if one != "[DONE]"]
    deltas = [one["choices"][0]["delta"] for one in chunks if one.get("choices")]
    return "".join(one.get("content") or "" for one in deltas)


def passage(label):
    return next(
        line.partition("] ")[2] for line in ARTICLE.splitlines() if line[1:].startswith(label + "]")
    )


def proven(bullet):
    return len(bullet["quote"].split()) >= 4 and bullet["quote"] in passage(bullet["label"])
