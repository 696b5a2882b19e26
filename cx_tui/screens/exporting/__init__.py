"""Records into a file.

Nothing is imported here: the errand runs in a child process, which needs no screen.
"""
