"""All runs and the queue: their table, labels, differences, trash and turns. Say what is wanted; others do it."""
