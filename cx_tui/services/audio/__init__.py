"""Sound that a switch writes into files: voicemail messages of SIP users, recordings of calls."""
