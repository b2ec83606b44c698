"""The border that the atlas comes with: `atlas.toml` says what it is; its texts and its publishers' layouts."""
