"""What the terminal room uses of Textual though its name says that it is private: all of it, and why.

Nothing else in the program uses such a thing.  An upgrade may change any of it without a word, so Textual is
pinned exactly, and tests/source/test_textual_privates.py says at once what has gone.
"""

IMPORTED = {
    "textual._compositor": (
        "ChopsUpdate",
        "CompositorUpdate",
        "LayoutUpdate",
    ),  # a frame, before it is a text
    "textual._context": ("active_message_pump",),  # whose work failed
    "textual._xterm_parser": ("XTermParser",),  # what the terminal said, as keys
    "textual.drivers._writer_thread": ("WriterThread",),  # it waits for a terminal that is busy
}
"""What is imported from private modules."""

OF_APP = {
    "_begin_update": "a frame begins",
    "_end_update": "a frame ends",
    "_batch_count": "no frame is shown while several changes are made",
    "_closed": "no frame is shown after the end",
    "_running": "none before the beginning",
    "_display": "overridden: the driver gets the cells of a frame instead of a text",
    "_driver": "the driver that is asked to repaint, or to write to the clipboard",
    "_handle_exception": "overridden: work of a screen that is being left ends nothing",
}
OF_NODE = {"_pruning": "a widget is being removed"}
OF_WIDGET = {"_layout_required": "it, or what is beside it, has not its new size yet"}
OF_SCREEN = {"_compositor": "the whole screen as a text, for the next start"}
OF_CONSOLE = {"_color_system": "how many colours there are (Rich's)"}
OF_DRIVER = {
    "_app": "the program",
    "_auto_restart": "Textual itself goes on after a suspension",
    "_debug": "the parser says what it hears",
    "_disable_mouse_support": "overridden: which movements are reported",
    "_enable_mouse_support": "overridden, likewise",
    "_file": "replaced: what the terminal takes at once is sent at once",
    "_get_terminal_size": "overridden: the size of the terminal",
    "_key_thread": "the thread that reads",
    "_loop": "the program's loop, from other threads",
    "_mouse": "whether the mouse is used at all",
    "_sigcont_application": "overridden: going on after a stop",
    "_writer_thread": "the thread that writes",
}
