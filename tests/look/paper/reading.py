"""What another program reads in our PDFs: their words, their tags, what they say of themselves."""

import io
import re

import pypdf


def opened(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def words(pdf):
    """All the words in reading order, lines joined, without the signs that only guide lines and directions."""
    lines = " ".join(page.extract_text() for page in opened(pdf).pages)
    return " ".join(re.sub("[\u200b\u2066-\u2069]", "", lines).split())


def places(pdf, page=0):
    """Each piece of text of one page, with the points across and up where it begins."""
    found = []

    def see(text, cm, tm, _font, _size):
        if text.strip():
            across, up = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), across, up))

    opened(pdf).pages[page].extract_text(visitor_text=see)
    return found


def about(pdf):
    """The document's own words about itself, where a checker looks for its standards."""
    return opened(pdf).trailer["/Root"]["/Metadata"].get_data().decode()


def tags(pdf):
    """The kinds of tags in reading order, each with its words for who cannot see it and its language."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict) and "/S" in node:
            found.append((str(node["/S"])[1:], str(node.get("/Alt", "")), str(node.get("/Lang", ""))))
            if "/K" in node:
                walk(node["/K"])

    walk(opened(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found
