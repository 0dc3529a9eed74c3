"""The steps themselves, named by number."""
