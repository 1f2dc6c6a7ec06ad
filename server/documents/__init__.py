"""Documents: uploaded, kept by their content, handed out to whoever may have them now."""
