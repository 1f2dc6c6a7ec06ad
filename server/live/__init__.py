"""The live path: commands in, one durable order, frames out."""
