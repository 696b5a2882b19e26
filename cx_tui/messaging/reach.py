"""Why a server can't be reached, in one sentence for each reason."""

import errno
import socket
import ssl

from cx_tui.config.text import visible
from cx_tui.errors import CxError, DeliveryFailed, Unavailable
from cx_tui.messaging.outcome import in_words


def unreachable(host: str, port: int, error: BaseException) -> CxError:
    """What to raise for an error between here and there: Unavailable when trying again may help."""
    server = f"{visible(host)} port {port}"
    match error:
        case socket.gaierror(errno=socket.EAI_AGAIN):
            return Unavailable(f"the name {visible(host)} can't be looked up now; is the network up?")
        case socket.gaierror() | UnicodeError():
            return DeliveryFailed(f"there is no host {visible(host)}; is its name right?")
        case ssl.SSLCertVerificationError():
            return DeliveryFailed(
                f"the certificate of {server} is not valid: {in_words(error.verify_message)}"
            )
        case ssl.SSLError():
            reason = in_words(error.reason or error)
            return DeliveryFailed(f"{server} does not speak TLS as expected ({reason}); is the port right?")
        case TimeoutError():
            return Unavailable(f"{server} does not answer; is a firewall between?")
        case _ if _refused(error):
            return Unavailable(f"nothing listens on {server}; is the port right, is the server up?")
        case ConnectionError():
            return Unavailable(f"{server} hung up before anything was said")
        case OSError(strerror=str(reason)):
            return Unavailable(f"{server} can't be reached: {in_words(reason)}")
    return Unavailable(f"{server} can't be reached: {in_words(error)}")


def _refused(error: BaseException) -> bool:
    # A name with several addresses fails with one text for all of them.
    return isinstance(error, ConnectionRefusedError) or f"[Errno {errno.ECONNREFUSED}]" in str(error)
