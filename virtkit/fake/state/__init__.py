"""The plain data of one fake host: nothing here knows libvirt's API."""
