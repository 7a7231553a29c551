"""The window around the views: arrangement, actions, start page, files, recovery, status. Knows no torch."""
