"""Records from a file: what is in it, what its columns mean, what becomes of each row."""

from cx_tui.screens.upload.upload_screen import UploadScreen

__all__ = ["UploadScreen"]
