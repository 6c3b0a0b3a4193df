"""A cluster: templates for its machines, and a trial of it on one."""
