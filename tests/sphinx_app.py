"""Stands for Sphinx: an application that does nothing but remember what it was told."""


class SphinxApp:
    """Every method notes its call in .told, as (name, arguments, options)."""

    def __init__(self, **attributes):
        vars(self).update(attributes, told=[])

    def __getattr__(self, name):
        return lambda *args, **options: self.told.append((name, args, options))
