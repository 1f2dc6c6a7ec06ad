"""What is put on paper: QR codes, posters for the rooms, cards and sheets for the operators.

Pure functions, values in and bytes out. A caller in a coroutine runs them in a thread: they hold a processor
for milliseconds (one code) to seconds (a thousand pages), and free the interpreter while pages are set.
"""
