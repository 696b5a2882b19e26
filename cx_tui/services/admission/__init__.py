"""May this call pass: the records as the facts of the one engine, and the questions that operators ask it."""
