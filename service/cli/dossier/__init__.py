"""What an audit finds, part by part, and how its report tells it."""
