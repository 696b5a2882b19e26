"""Where calls come from: what a switch tells, or a simulator makes up."""
