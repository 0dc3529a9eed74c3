"""The statistical half of reading: a small text encoder that weighs the nine intents."""
