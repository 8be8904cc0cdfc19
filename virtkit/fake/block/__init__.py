"""A domain's disks below its document: chains of images, the jobs that work on them, backups."""
