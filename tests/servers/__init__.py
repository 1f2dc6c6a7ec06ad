"""Real servers that the tests start themselves, on free ports, and end by their process id."""
