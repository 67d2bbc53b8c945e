"""The sample organization, Northlight Leads: its data, and what is set up around it."""
