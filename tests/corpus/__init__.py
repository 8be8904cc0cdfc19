"""libvirt's own test data as a measure of the fake: what its parsers make of each document.

The data are libvirt's; they are not kept here. ``python -m tests.corpus fetch`` gets its source.
"""
