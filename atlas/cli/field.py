"""Commands of the field notes: `atlas field …`."""
