"""Measured once, dated, refused when stale: the study, the claims, and the work of others."""
