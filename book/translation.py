"""What translators are not asked for: formulas are the same in every language."""

from docutils import nodes
from sphinx.transforms import SphinxTransform


def setup(app):
    app.add_transform(FormulasStay)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class FormulasStay(SphinxTransform):
    """Takes displayed formulas out of the catalogues, where they would come back as reST."""

    default_priority = 10  # before Sphinx translates

    def apply(self, **options):
        for formula in self.document.findall(nodes.math_block):
            formula["translatable"] = False
