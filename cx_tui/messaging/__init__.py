"""What leaves this program: e-mail by SMTP, SMS by Twilio.  Each send has an outcome in the server's words.

Nothing is kept here and nothing is sent twice by itself: that is decided by who keeps the messages.  The
libraries are heavy, so they are loaded by the first message.
"""
