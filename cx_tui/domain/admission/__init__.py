"""May this call pass?  What is known, one function a gate, and a trace that is data: pure, no I/O."""
