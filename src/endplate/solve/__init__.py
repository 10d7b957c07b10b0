"""How equations are integrated; no biology."""
