"""Blocks and views that the tests of the stand-in press, fill in and publish."""


def plain(text):
    return {"type": "plain_text", "text": text}


PROOF = {"type": "button", "text": plain("Proof"), "action_id": "proof", "value": "1"}
SHOWN = [{"type": "actions", "block_id": "b", "elements": [PROOF]}]
OPTIONS = [{"text": plain(name.title()), "value": name} for name in ("short", "long")]
LENGTH = {
    "type": "static_select",
    "action_id": "length",
    "options": OPTIONS,
    "initial_option": OPTIONS[0],
}
MODAL = {
    "type": "modal",
    "callback_id": "settings",
    "title": plain("Settings"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "topic",
            "label": plain("Topic"),
            "element": {"type": "plain_text_input", "action_id": "topic", "max_length": 20},
        },
        {"type": "input", "block_id": "length", "label": plain("Length"), "element": LENGTH},
    ],
}
HOME = {"type": "home", "blocks": [{"type": "section", "text": plain("Hello"), "accessory": PROOF}]}
