"""How strict each reviewer is, as far as their marks can tell."""
