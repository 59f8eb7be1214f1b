"""The guided application: Textual screens over one case. Nothing here decides anything; the engine does."""
