"""Backup, restore and verification: a conference outlives its machine.

A backup is one file for the database and the documents together, the same for SQLite and PostgreSQL.
"""
