"""Commands that decide what leaves the house: release, audit, unseal."""
