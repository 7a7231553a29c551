"""The warm engine process: requests and answers as JSON lines. Knows no window."""
