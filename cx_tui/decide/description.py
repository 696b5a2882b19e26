"""What can be asked over HTTP, as OpenAPI says it."""

from dataclasses import fields
from typing import Any

from cx_tui import __version__
from cx_tui.decide.asked import LONGEST
from cx_tui.domain.rating.price import Rounding, Rules, Tariff

TEXT: dict[str, Any] = {"type": "string", "maxLength": LONGEST}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}


def _text(what: str) -> dict[str, Any]:
    return {**TEXT, "description": what}


QUESTION: dict[str, Any] = {
    "type": "object",
    "required": ["dialled"],
    "additionalProperties": False,
    "properties": {
        "source": _text("The address that the call comes from."),
        "user": _text("The SIP user, when the switch has checked its password."),
        "digest": _text("The Proxy-Authorization header, if the server is to check it."),
        "method": _text("The SIP method that the digest was made for; usually INVITE."),
        "from": _text("The user part of From: whose realm a challenge names."),
        "dialled": _text("The number as it was dialled."),
        "cli": _text("The caller's number."),
        "paid": _text("The P-Asserted-Identity."),
        "direction": {"enum": ["termination", "origination"]},
        "at": _text("When it is made; without it, now."),
        "channels": {**COUNT, "description": "How many of the customer's calls are up."},
        "cps": {**COUNT, "description": "How many of the customer's calls began in this second."},
        "call": _text("A key of the call.  With it credit is reserved until /end says that it is over."),
        "trace": {"type": "boolean", "description": "Whether every gate is told, in words."},
    },
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "admitted": {"type": "boolean"},
        "code": {"type": "integer", "description": "The SIP code of a refusal; 0 when it is admitted."},
        "gate": {"type": "string"},
        "sentence": {"type": "string"},
        "customer": {"type": "string"},
        "customer_id": {"type": ["integer", "null"]},
        "auth": {"type": "string"},
        "route": {"type": "string"},
        "dialled": {"type": "string"},
        "number": {"type": "string", "description": "The number as it is sent on."},
        "cli": {"type": "string"},
        "paid": {"type": "string"},
        "seconds": {"type": "integer", "description": "How long the call may last."},
        "delay": {"type": "integer"},
        "challenge": {"type": "string", "description": "The realm in which the caller is to prove itself."},
        "carriers": {"type": "array", "items": {"type": "object"}},
        "limits": {
            "type": "array",
            "description": "Where the switch counts the call, and how many may be up and begin in a second; "
            "0 is no limit, but for a customer's channels.",
            "items": {"type": "object"},
        },
        "trace": {"type": "array", "items": {"type": "object"}},
    },
}
NO_TOKEN = {"description": "The token is missing."}
KNOWN: dict[str, Any] = {
    "type": "object",
    "properties": {"known": {"type": "boolean", "description": "Whether anything was kept for the call."}},
}
OVER: dict[str, Any] = {
    "type": "object",
    "required": ["call"],
    "properties": {
        "call": _text("The key of the call."),
        "answered": {"type": "boolean", "description": "Whether there was talk; without it, there was."},
    },
}
WHOLE: dict[str, Any] = {"type": "integer"}
WISH: dict[str, Any] = {
    "type": "object",
    "required": ["call", "customer", "tariff", "rules", "seconds"],
    "properties": {
        "call": _text("The key of the call."),
        "customer": {**WHOLE, "description": "The id of the customer whose money is asked for."},
        "tariff": {
            "type": "object",
            "description": "The price: millionths of the customer's currency, and seconds.",
            "properties": {one.name: WHOLE for one in fields(Tariff)},
        },
        "rules": {
            "type": "object",
            "description": "How duration and cost are rounded.",
            "properties": {
                one.name: {"enum": [each.value for each in Rounding]} if "rounding" in one.name else WHOLE
                for one in fields(Rules)
            },
        },
        "seconds": {**COUNT, "description": "How long the call may last, but for the money."},
        "number": _text("The number that free minutes hold for."),
    },
}
GIVEN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "seconds": {
            "type": ["integer", "null"],
            "description": "How long the call may last; null when the customer is not known here.",
        }
    },
}


def _post(what: str, question: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    refused = {"description": "A word is wrong; `error` says which."}
    answered = {"description": what, "content": {"application/json": {"schema": answer}}}
    return {
        "post": {
            "summary": what,
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": question}}},
            "responses": {"200": answered, "400": refused, "401": NO_TOKEN},
        }
    }


def _get(what: str, *, secret: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {"summary": what, "responses": {"200": {"description": what}}}
    if secret:
        found["security"] = [{"token": []}]
        found["responses"]["401"] = NO_TOKEN
    return {"get": found}


DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "cx-tui decide", "version": __version__},
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/admit": _post("May this call pass?", QUESTION, ANSWER),
        "/end": _post("A call is over.", OVER, KNOWN),
        "/reserve": _post(
            "Another server asks for the money of a customer, which is kept here.", WISH, GIVEN
        ),
        "/health": _get("How old the server's state is; 503 when it is too old."),
        "/metrics": _get("Figures for Prometheus.", secret=True),
        "/openapi.json": _get("This description."),
    },
}
