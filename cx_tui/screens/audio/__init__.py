"""Pages of sound files: voicemail messages of a SIP user, recordings of a customer's calls."""
