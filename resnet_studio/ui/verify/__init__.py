"""The window's pages about figures: published ones verified, and why one network has several."""
