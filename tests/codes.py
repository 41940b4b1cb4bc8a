"""The codes that an app with this key shows."""

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time


def code_now(secret, ahead=0):
    """Of this half minute; `ahead`: of one beside it, as far as the settings allow."""
    allowed = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, allowed[len(allowed) // 2 + ahead]))
