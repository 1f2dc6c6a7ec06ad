"""The coordination service of Nhịp Cầu."""
