"""Random sequences of calls, made on a real libvirt and on the fake, and compared after each."""
