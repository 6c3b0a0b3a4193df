"""The way of an application through the states: what staff decide before the applicant is told."""
