"""Attendees' phones: the codes in the QR pictures, the page behind them, and how often it was looked at."""
