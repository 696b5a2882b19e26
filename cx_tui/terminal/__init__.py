"""What is said to the terminal itself.  The only place that touches Textual's inner parts."""
