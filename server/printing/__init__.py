"""What is put on paper: QR codes, posters for the rooms, cards and sheets for the operators.

Pure functions, values in and bytes out. From a coroutine, run a code or a few pages in a thread: they take
milliseconds and leave the interpreter free. Run hundreds of pages in a child process that ends afterwards:
typst keeps the layout of its last ten documents, and that of 766 posters is 400 MB.
"""
