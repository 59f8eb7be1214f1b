"""How it is shown: renderers draw the diagnosis document in a format and a language, and decide nothing."""
