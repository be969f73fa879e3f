"""How the tests talk to the chat server."""

POST = {"workspace": "W1", "channel": "C1", "thread": "m1", "key": "k1", "text": "hello"}
PLACE = {name: POST[name] for name in ("workspace", "channel", "thread", "key")}


async def send(client, **changes):
    async with client.post("/posts", json={**POST, **changes}) as answer:
        return answer.status, await answer.json(), answer.headers.get("Retry-After")


async def look(client, **changes):
    async with client.get("/posts", params={**PLACE, **changes}) as answer:
        return answer.status, await answer.json()


async def control(client, **wanted):
    async with client.post("/control", json=wanted) as answer:
        return answer.status, await answer.json()


async def state(client):
    async with client.get("/control/state") as answer:
        return await answer.json()


async def change(client, **changes):
    return await _of_post(client, "PUT", {"text": "other", **changes})


async def retract(client, **changes):
    return await _of_post(client, "DELETE", changes)


async def _of_post(client, method, changes):
    place = {name: POST[name] for name in ("workspace", "channel", "thread")}
    body = {**place, "post": "p1", **changes}
    async with client.request(method, "/posts", json=body) as answer:
        return answer.status, await answer.json()
