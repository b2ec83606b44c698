"""GeoJSON that others wrote: bytes to text to values, once and strictly, before anything is made of it."""
