"""The printed book has every page; its contents lead to the pages, nothing to this machine."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = ["index", "chapters/notation", "chapters/glossary"]


@pytest.fixture(scope="module")
def pdf(browser, site, tmp_path_factory):
    from pypdf import PdfReader

    from book import pdf as printer

    out = tmp_path_factory.mktemp("pdf") / "book.pdf"
    printer.print_book(browser, site, out, [("", NAMES[:1]), ("At hand", NAMES[1:])])
    return PdfReader(out)


def links(pdf):
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            yield annotation.get_object()


def test_the_contents_name_every_page_and_lead_to_it(pdf):
    first = pdf.pages[0].extract_text()
    assert all(title in first for title in ("Backpropagation from Scratch", "Notation", "Glossary"))
    assert len([a for a in pdf.pages[0]["/Annots"] if "/Dest" in a.get_object()]) == len(NAMES)


def test_the_outline_has_an_entry_for_every_page(pdf):
    assert len(pdf.outline) == len(NAMES)


def test_no_link_leads_to_a_file_of_the_machine_it_was_printed_on(pdf):
    assert not [a for a in links(pdf) if "file:" in str(a.get("/A", ""))]


def test_formulas_are_set(pdf):
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "\\frac" not in text
    assert "\\boxed" not in text
