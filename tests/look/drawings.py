"""A drawing as a tree, and what is written in it."""

from xml.etree import ElementTree

from althea.look.chart.axis import DESK, PHONE

FRAMES = {"desk": DESK, "phone": PHONE}


def drawn(svg):
    """The SVG as a tree: it must be well formed."""
    return ElementTree.fromstring(svg)


def written(svg):
    return ["".join(one.itertext()) for one in drawn(svg).iter("text")]
