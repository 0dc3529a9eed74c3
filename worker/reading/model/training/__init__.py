"""Builds the model from the corpus and a pinned base; needs the tools in requirements.txt, never at run time."""
