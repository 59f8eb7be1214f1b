"""The one place that holds the version of ipsecdx."""

__version__ = "0.1.0"
