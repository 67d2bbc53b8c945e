"""What people of an organization tell each other, and what the product tells them: notifications, so far."""
