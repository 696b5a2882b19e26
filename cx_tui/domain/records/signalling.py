"""What addresses, SIP users, routes and carriers have in common: how calls are signalled and heard."""

from cx_tui.domain.kinds import Labelled


class Protocol(Labelled):
    """How signalling travels."""

    UDP = "udp", "UDP"
    TCP = "tcp", "TCP"
    TLS = "tls", "TLS"
    TLS_SRTP = "srtp", "TLS & SRTP"

    @property
    def port(self) -> int:
        """The port that it usually has."""
        return 5061 if self in (Protocol.TLS, Protocol.TLS_SRTP) else 5060


class Codec(Labelled):
    """How speech is coded."""

    PCMU = "pcmu", "PCMU"
    PCMA = "pcma", "PCMA"
    G722 = "g722", "G.722"
    G723 = "g723", "G.723"
    G726 = "g726", "G.726"
    G729 = "g729", "G.729"
    GSM = "gsm", "GSM"
    ILBC = "ilbc", "iLBC"
    AMR = "amr", "AMR"
    AMR_WB = "amr-wb", "AMR-WB"
    OPUS = "opus", "Opus"
    SPEEX = "speex", "Speex"
    T38 = "t38", "T.38"


class DialPattern(Labelled):
    """How an endpoint writes the numbers that it dials."""

    E164 = "e164", "E.164"
    INTERNATIONAL = "international", "International 00"
    NATIONAL = "national", "National"


class Traffic(Labelled):
    """Which way calls go, as the customer sees it."""

    TERMINATION = "termination", "Termination"
    ORIGINATION = "origination", "Origination"


class Recording(Labelled):
    """How many of the calls are recorded."""

    NONE = "0", "0 %"
    FEW = "1", "1 %"
    SOME = "5", "5 %"
    QUARTER = "25", "25 %"
    HALF = "50", "50 %"
    ALL = "100", "100 %"

    @property
    def percent(self) -> int:
        """Of a hundred calls, how many."""
        return int(self.value)
