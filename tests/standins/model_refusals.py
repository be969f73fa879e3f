"""Errors in the form that OpenAI's server gives them."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The request is answered with an error."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": kind, "param": param, "code": code}


def missing(param: str) -> Refused:
    message = f"Missing required parameter: '{param}'."
    return Refused(400, message, param=param, code="missing_required_parameter")


def bad_type(param: str, expected: str, value: Any) -> Refused:
    got = type(value).__name__
    message = f"Invalid type for '{param}': expected {expected}, but got {got} instead."
    return Refused(400, message, param=param, code="invalid_type")


def bad_value(param: str, why: str, code: str = "invalid_value") -> Refused:
    return Refused(400, f"Invalid '{param}': {why}", param=param, code=code)


def unsupported(param: str, kind: str = "") -> Refused:
    of_kind = f" of type '{kind}'" if kind else ""
    message = f"Unsupported parameter: '{param}'{of_kind} is not supported with this model."
    return Refused(400, message, param=param, code="unsupported_parameter")


def bad_schema(name: str, path: tuple[str, ...], why: str) -> Refused:
    message = f"Invalid schema for response_format '{name}': In context={path!r}, {why}"
    return Refused(400, message, param="response_format", code="invalid_json_schema")
