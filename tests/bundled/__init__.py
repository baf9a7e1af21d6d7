"""Generator of the bundled review (Zhou et al. 2020)."""
