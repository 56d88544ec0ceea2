"""Posts to a Discord or Slack webhook with the standard library."""

import html
import json
import urllib.error
import urllib.request
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5.0

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class WebhookRefused(RuntimeError):
    """The URL is not usable or the other side said no; the URL itself is a secret, so it is not in
    the message."""


def post(url: str, text: str) -> None:
    """Send `text`.

    Raises:
        WebhookRefused: also when the other side cannot be reached.
    """
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked by _check
        _checked(url),
        data=json.dumps(body_for(url, text)).encode(),
        headers={
            "content-type": "application/json",
            # Discord turns urllib's own user agent away (Cloudflare error 1010).
            "user-agent": "cufit-alarm-notifier/1",
        },
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
            return
    except urllib.error.HTTPError as error:
        with error:
            raise WebhookRefused(f"the webhook answered {error.code}") from None
    except OSError as error:
        raise WebhookRefused(f"the webhook was not reached: {type(error).__name__}") from None


def body_for(url: str, text: str) -> dict[str, object]:
    """Slack wants `text`, Discord `content`; a mention in an alarm's reason must ping nobody.

    Slack's bold is one asterisk, and its mentions (`<!channel>`) and links begin with what has to
    be escaped (its guide, Formatting text for app surfaces).
    """
    if urlsplit(url).hostname == "hooks.slack.com":
        return {"text": html.escape(text, quote=False).replace("**", "*")}
    return {"content": text, "allowed_mentions": {"parse": []}}


def _checked(url: str) -> str:
    parts = urlsplit(url)
    secure = parts.scheme == "https" and parts.hostname
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (secure or local):
        raise WebhookRefused("the webhook must be an https URL")
    return url
