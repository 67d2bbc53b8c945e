"""The REST API: each resource calls the acts that pages and the command line call, and holds no rules of its own."""
