"""virDomainCheckpoint: a point in time from which a domain's changed blocks are counted."""
