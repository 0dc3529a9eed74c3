"""Sign-in with OAuth2: tokens, mechanisms, the owner's way through it."""
