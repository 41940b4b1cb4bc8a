"""What every form of Althea carries: a key, so that it counts once."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """A fresh key. Sent twice, by a double click or a lost answer, the form still counts once."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())
