"""Live and offline migration between two fake hosts."""
