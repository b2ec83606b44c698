"""One module a layer; ``schema`` names the fields, ``catalog`` writes the registry."""
