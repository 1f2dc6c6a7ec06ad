"""Tabular files as people have them, read and written: .csv, .tsv, .txt, .xlsx, .ods. Bytes in, rows out."""
