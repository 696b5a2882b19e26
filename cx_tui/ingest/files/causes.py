"""The words of switches for why a call ended, and what they are here."""

from cx_tui.domain.calls.call import Release

Q850 = {
    "UNALLOCATED_NUMBER": 1,
    "NO_ROUTE_TRANSIT_NET": 2,
    "NO_ROUTE_DESTINATION": 3,
    "CHANNEL_UNACCEPTABLE": 6,
    "NORMAL_CLEARING": 16,
    "USER_BUSY": 17,
    "NO_USER_RESPONSE": 18,
    "NO_ANSWER": 19,
    "SUBSCRIBER_ABSENT": 20,
    "CALL_REJECTED": 21,
    "NUMBER_CHANGED": 22,
    "REDIRECTION_TO_NEW_DESTINATION": 23,
    "EXCHANGE_ROUTING_ERROR": 25,
    "DESTINATION_OUT_OF_ORDER": 27,
    "INVALID_NUMBER_FORMAT": 28,
    "FACILITY_REJECTED": 29,
    "RESPONSE_TO_STATUS_ENQUIRY": 30,
    "NORMAL_UNSPECIFIED": 31,
    "NORMAL_CIRCUIT_CONGESTION": 34,
    "NETWORK_OUT_OF_ORDER": 38,
    "NORMAL_TEMPORARY_FAILURE": 41,
    "SWITCH_CONGESTION": 42,
    "ACCESS_INFO_DISCARDED": 43,
    "REQUESTED_CHAN_UNAVAIL": 44,
    "FACILITY_NOT_SUBSCRIBED": 50,
    "OUTGOING_CALL_BARRED": 52,
    "INCOMING_CALL_BARRED": 54,
    "BEARERCAPABILITY_NOTAUTH": 57,
    "BEARERCAPABILITY_NOTAVAIL": 58,
    "SERVICE_UNAVAILABLE": 63,
    "BEARERCAPABILITY_NOTIMPL": 65,
    "CHAN_NOT_IMPLEMENTED": 66,
    "FACILITY_NOT_IMPLEMENTED": 69,
    "SERVICE_NOT_IMPLEMENTED": 79,
    "INVALID_CALL_REFERENCE": 81,
    "INCOMPATIBLE_DESTINATION": 88,
    "INVALID_MSG_UNSPECIFIED": 95,
    "MANDATORY_IE_MISSING": 96,
    "MESSAGE_TYPE_NONEXIST": 97,
    "WRONG_MESSAGE": 98,
    "IE_NONEXIST": 99,
    "INVALID_IE_CONTENTS": 100,
    "WRONG_CALL_STATE": 101,
    "RECOVERY_ON_TIMER_EXPIRE": 102,
    "MANDATORY_IE_LENGTH_ERROR": 103,
    "PROTOCOL_ERROR": 111,
    "INTERWORKING": 127,
}

RELEASES = {
    "downstream bye": Release.CALLER,
    "caller cancelled": Release.CALLER,
    "caller canceled": Release.CALLER,
    "originator_cancel": Release.CALLER,
    "recv_cancel": Release.CALLER,
    "upstream bye": Release.CALLEE,
    "carrier refused": Release.CALLEE,
    "mi termination": Release.OPERATOR,
    "manager_request": Release.OPERATOR,
    "ping timeout": Release.TIMEOUT,
    "media_timeout": Release.TIMEOUT,
    "timeout": Release.TIMEOUT,
    "allotted_timeout": Release.SWITCH,
    "lifetime timeout": Release.SWITCH,
    **{one.value: one for one in Release},
}


def q850_of(text: str) -> int | None:
    """The number of a cause that is a number or a name; None for words that are neither."""
    if text.isdecimal() and len(text) <= 3:
        return int(text)
    return Q850.get(text.upper())


def release_of(text: str) -> Release:
    """Who ended it, as a switch says it."""
    return RELEASES.get(text.strip().lower(), Release.UNKNOWN)
