"""Raw mails for the tests of reading, written in a line."""

from __future__ import annotations

ORIGINAL = """\
Received: from desk (desk [192.0.2.7]) by mx.owner.example; Tue, 3 Mar 2026 10:00:00 +0100
Message-ID: <ask.1@owner.example>
From: Max Muster <max@owner.example>
To: anna@contact.example
Subject: Thirty minutes

Dear Anna, would you have thirty minutes?
"""
"""The mail that a report returns."""


def mail(
    body: str, *, subject: str = "Re: Thirty minutes", sender: str = "Anna <anna@contact.example>", **fields: str
) -> bytes:
    """A mail to the owner; `fields` are written with "_" for "-"."""
    header = {"From": sender, "To": "max@owner.example", "Subject": subject}
    header |= {name.replace("_", "-"): value for name, value in fields.items()}
    return ("".join(f"{name}: {value}\n" for name, value in header.items()) + "\n" + body).encode()


def multipart(subtype: str, *parts: str, parameters: str = "", **fields: str) -> bytes:
    """A mail of several parts; each part begins with its own header."""
    body = "".join(f"--edge\n{part}\n" for part in parts) + "--edge--\n"
    fields = {"Content_Type": f'multipart/{subtype}; boundary="edge"{parameters}', **fields}
    return mail(body, **fields)
