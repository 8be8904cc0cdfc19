"""What a domain's resources are limited to, and where its documents say so."""
