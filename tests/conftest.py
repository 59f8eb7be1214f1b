"""Property tests draw the same examples in every run, so that a run says something of a change alone.

`make explore` draws new ones and more of them: what it finds is a fault to mend and an example to keep.
"""

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("fixed")
