"""What all routes share: declaration, errors in one shape, limits, OpenAPI, static files."""
