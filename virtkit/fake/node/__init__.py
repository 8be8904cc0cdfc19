"""What a fake host is made of, and what it says it can do."""
