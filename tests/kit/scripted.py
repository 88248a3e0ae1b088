"""Pictures for the scripted engine, and settings that choose it."""

import io

from PIL import Image

from workbench.settings import Settings

SETTINGS = Settings(jobs=2, engine="tests.kit.fakes:ScriptedEngine")


def picture(colour="black", shade=0, kind="PNG", size=(400, 400)):
    """Dark ones are read, bright ones are blank, a red one kills its reader; `shade` makes the bytes its own."""
    image = Image.new("RGB", size, colour)
    image.putpixel((size[0] - 1, size[1] - 1), (shade, shade, shade))
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()
