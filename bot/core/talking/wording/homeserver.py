"""What we say about an account on Matrix: what is wrong with it, and what clients make of it."""

from __future__ import annotations

PART_MATRIX = "Matrix"
_STEPS = "docs/matrix.md goes through it step by step."
PROBLEMS = {
    "matrix_half": "Matrix needs {names}, or MATRIX_ACCESS_TOKEN in their place. " + _STEPS,
    "matrix_nowhere": "Matrix needs {names}: the homeserver's address. " + _STEPS,
    "matrix_password": "The homeserver does not take {names}. Check both; a password is needed "
    "once, to log in.",
    "matrix_token": "The homeserver does not know the token in {names}. Make a new one, or set "
    "MATRIX_USER and MATRIX_PASSWORD in its place.",
    "matrix_no_device": "The token in {names} belongs to no device, so nothing could be encrypted "
    "with it. Set MATRIX_USER and MATRIX_PASSWORD in its place.",
    "matrix_lost_store": "The session of {names} has keys that are not in the data folder: it is "
    "another program's, or the folder was lost. Make a new token by logging in anew, for Briefbot "
    "alone.",
    "matrix_signed_out": "The homeserver ended our session. With {names} set, the next start logs "
    "in again; with MATRIX_ACCESS_TOKEN, make a new token.",
    "matrix_secret": "What is kept of the Matrix account was sealed with another passphrase than "
    "the one in {names}. Set it to that one again, or restore secret.key in the data folder.",
    "matrix_damaged": "{names} can't be read. Restore it from a backup; docs/matrix.md says what "
    "is lost without it.",
    "matrix_folder": "{names} can't be written to. Give this user the right, or set "
    "BRIEFBOT_DATA_DIR to another folder.",
    "matrix_needs_password": "The homeserver wants the password before it takes the keys that we "
    "sign with. Set {names} for the first start.",
    "matrix_other_identity": "The account has an identity that I don't hold ({names}), so clients "
    "would not trust what I send. Restore that file from a backup. Where there is none (Element "
    "gives a new account an identity by itself), run briefbot matrix reset: whoever verified the "
    "old one is told of it.",
    "matrix_well_known": "The server named in {names} does not say where its homeserver is. Give "
    "the homeserver's address: https://…",
}
TRUSTED = "signed: clients that talk to signed devices only will talk to it."
UNTRUSTED = (
    "its device is not signed, so Element does not let it read encrypted rooms. Start briefbot "
    "serve once: it signs its device."
)
OTHER = (
    "the server knows another identity than the one kept in {keys}. Restore that folder from a "
    "backup, or run briefbot matrix reset."
)
NOT_YET = "{url} answers and takes the password; briefbot serve will log in at its first start."
UNREACHED = "{server} can't be reached ({detail}). Check MATRIX_HOMESERVER, and the network."
RESET = "{user} has a new identity, and its device {device} is signed with it."


def logged_in(user: str, device: str, url: str) -> str:
    """Say who we are there."""
    return f"{user}, device {device}, at {url}"
