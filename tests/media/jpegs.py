"""Small JPEGs, as bytes."""

import io

from PIL import Image


def jpeg(width: int = 480, height: int = 270, quality: int = 60, **more: object) -> bytes:
    held = io.BytesIO()
    shades = Image.linear_gradient("L").resize((width, height))
    shades.convert("RGB").save(held, "JPEG", quality=quality, **more)
    return held.getvalue()
