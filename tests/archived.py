"""Zip files made in memory."""

import io
import zipfile


def zipped(members):
    """Return the bytes of a zip file of these members, {name: text or bytes}."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return data.getvalue()
