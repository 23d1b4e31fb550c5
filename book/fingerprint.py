"""A short name for a content, which changes when it does."""

import hashlib


def fingerprint(*contents):
    """Return 12 hexadecimal digits that tell these bytes from all others."""
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]
