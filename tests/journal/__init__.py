"""What the journal keeps for years stays readable."""
