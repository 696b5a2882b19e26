"""How long an endpoint takes to answer: SIP OPTIONS from here, and what a switch has measured itself."""
