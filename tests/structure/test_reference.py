"""docs/reference says what the code says."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_is_what_the_code_says() -> None:
    """``python docs/generate.py`` writes it anew."""
    pages = runpy.run_path(str(DOCS / "generate.py"))["pages"]()
    written = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md")}
    assert written.keys() == pages.keys()
    stale = [name for name, text in pages.items() if written[name] != text]
    assert not stale, f"run 'python docs/generate.py': {stale} are not up to date"
