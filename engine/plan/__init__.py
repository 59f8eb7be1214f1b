"""What to do next with a case beside reading the report: a collection plan, and EEM applets that wait for the next loss."""
