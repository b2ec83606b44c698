"""What a command does from beginning to end: build, refresh, verify, publish records, a map in a notebook."""
