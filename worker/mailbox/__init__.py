"""The wire: IMAP and SMTP, which folder is which, how one signs in, what providers are known for; no decisions."""
