"""Training of the network of cells. Needs torch (requirements.txt here), which reading does not."""
