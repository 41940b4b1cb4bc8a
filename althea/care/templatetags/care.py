"""What every form of Althea carries: a key, so that it counts once, and a mark of whose form it is."""

from uuid import uuid4

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from althea.care.gate import whose

register = template.Library()


@register.simple_tag(takes_context=True)
def form_key(context: Context) -> SafeString:
    """A fresh key. Sent twice, by a double click or a lost answer, the form still counts once. Sent after somebody
    else signed in on the same machine, it is refused: the words would be saved as theirs."""
    key = format_html('<input type="hidden" name="key" value="{}">', uuid4())
    user = getattr(getattr(context, "request", None), "user", None)
    if user is None or not user.is_authenticated:
        return key
    return key + format_html('<input type="hidden" name="writer" value="{}">', whose(user.pk))
