"""What a firing waits for, and what it depends on: data that has arrived, and a figure that is worth a report."""
